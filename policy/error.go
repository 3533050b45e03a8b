package policy

import (
	"fmt"
	"strings"
)

// CodeMalformed is the error code with which AWS refuses a policy document,
// with HTTP status 400.
const CodeMalformed = "MalformedPolicyDocument"

// An Error says why a document is refused: AWS's code and message, and, in our
// own words, where and what to change.
type Error struct {
	Code    string // CodeMalformed
	Message string // AWS's text, to the letter as far as it is known
	Detail  string // our explanation; empty when Message says it all
	Position
}

// A Position is a place in a document's text. Line and Column count from 1,
// columns in bytes; Offset counts bytes from 0.
type Position struct {
	Offset, Line, Column int
}

func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// Error gives position, message and detail in one line.
func (e *Error) Error() string {
	if e.Detail == "" {
		return e.Position.String() + ": " + e.Message
	}
	return e.Position.String() + ": " + e.Message + " (" + e.Detail + ")"
}

func positionIn(text string, offset int) Position {
	offset = min(offset, len(text))
	before := text[:offset]
	line := strings.Count(before, "\n")
	return Position{Offset: offset, Line: line + 1, Column: offset - strings.LastIndexByte(before, '\n')}
}

// messageSyntax is what IAM answers to anything that breaks the grammar.
const messageSyntax = "Syntax errors in policy."
