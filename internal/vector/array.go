package vector

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MaxElement is the length in bytes over which [Array] refuses an element. A
// vector with the largest documents that AWS takes is far below it.
const MaxElement = 16 << 20

// An Array reads a JSON array one element at a time, so that what is held does
// not grow with the number of elements.
type Array struct {
	in           *bufio.Reader
	of           string
	line, column int // of the byte that is read next
	next         int
	begun, ended bool
}

// NewArray reads an array from r; of says what the elements are, in the
// plural, for errors.
func NewArray(r io.Reader, of string) *Array {
	return &Array{in: bufio.NewReaderSize(r, 64<<10), of: of, line: 1, column: 1}
}

// A SyntaxError says where and why a text is not the array that it should be.
// Line and Column count from 1, columns in bytes; Line is 0 where the error is
// about the text as a whole.
type SyntaxError struct {
	Line, Column int
	Detail       string
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Detail
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Detail)
}

// Next returns the text of the next element, which is valid JSON, and its
// index. It returns [io.EOF] behind the end of a complete array, a
// *[SyntaxError] for a text that is none, and otherwise an error of the reader.
// After an error there is nothing more to read.
func (a *Array) Next() (text []byte, index int, err error) {
	if !a.begun {
		a.begun = true
		err = a.open()
	}
	if err == nil && a.ended {
		err = io.EOF
	}
	if err == nil {
		text, err = a.element()
	}
	if err != nil {
		a.ended = true
		return nil, 0, err
	}
	a.next++
	return text, a.next - 1, nil
}

func (a *Array) open() error {
	head, _ := a.in.Peek(3) // what cannot be peeked at is told by the read below
	if detail := ByteOrderMark(head); detail != "" {
		return &SyntaxError{Detail: detail}
	}
	c, err := a.skipSpace()
	switch {
	case errors.Is(err, io.EOF):
		return &SyntaxError{Detail: fmt.Sprintf("the text is empty; expected a JSON array of %s", a.of)}
	case err != nil:
		return err
	case c == '[':
		return nil
	case c == '{':
		return &SyntaxError{Detail: fmt.Sprintf("expected a JSON array of %s, found an object; put it into [ ]", a.of)}
	}
	found := kind([]byte{c})
	if found == "" {
		found = fmt.Sprintf("%q", rune(c))
	}
	return a.fault(a.line, a.column-1, fmt.Sprintf("expected a JSON array of %s, found %s", a.of, found))
}

func (a *Array) fault(line, column int, detail string) error {
	return &SyntaxError{Line: line, Column: column, Detail: detail + "; docs/vectors.md has the schema"}
}

// element reads up to the comma or the bracket behind the next element.
func (a *Array) element() ([]byte, error) {
	c, err := a.skipSpace()
	line, column := a.line, a.column-1
	var text []byte
	var nested nesting
	for ; err == nil; c, err = a.read() {
		if nested.outside() && (c == ',' || c == ']') {
			break
		}
		nested.step(c)
		if len(text) == MaxElement {
			return nil, a.fault(line, column, fmt.Sprintf("one element of the array is longer than %d bytes", MaxElement))
		}
		text = append(text, c)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(text) > 0 {
		if broken := a.check(text, line, column, err != nil); broken != nil {
			return nil, broken
		}
	}
	switch {
	case err != nil:
		return nil, a.fault(a.line, a.column, "the text ends too early")
	case len(text) == 0 && (c == ',' || a.next > 0):
		return nil, a.fault(line, column, fmt.Sprintf("expected an element before %q", rune(c)))
	case c == ']':
		a.ended = true
		if err := a.nothingMore(); err != nil {
			return nil, err
		}
		if len(text) == 0 {
			return nil, io.EOF
		}
	}
	return text, nil
}

// check reports what is wrong with the JSON of an element that starts at line
// and column; last says that the text ended with it.
func (a *Array) check(text []byte, line, column int, last bool) error {
	var valid json.RawMessage
	err := json.Unmarshal(append(text, ' '), &valid) // the space ends a literal or a number
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	at := int(syntax.Offset) - 1 // Offset counts the offending byte
	if at >= len(text) || syntax.Error() == "unexpected end of JSON input" {
		if last {
			return a.fault(a.line, a.column, "the text ends too early")
		}
		return a.fault(a.line, a.column-1, "the element ends too early")
	}
	before := text[:max(at, 0)]
	if n := bytes.Count(before, []byte("\n")); n > 0 {
		line, column = line+n, len(before)-bytes.LastIndexByte(before, '\n')
	} else {
		column += len(before)
	}
	return a.fault(line, column, syntax.Error())
}

func (a *Array) nothingMore() error {
	c, err := a.skipSpace()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return a.fault(a.line, a.column-1, fmt.Sprintf("expected one array, found %q behind it", rune(c)))
}

func (a *Array) skipSpace() (byte, error) {
	for {
		c, err := a.read()
		if err != nil || c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, err
		}
	}
}

func (a *Array) read() (byte, error) {
	c, err := a.in.ReadByte()
	switch {
	case err != nil:
	case c == '\n':
		a.line, a.column = a.line+1, 1
	default:
		a.column++
	}
	return c, err
}

// nesting follows how deep in objects, arrays and strings a JSON text is. It
// believes the text; whether it is JSON is checked on the whole element.
type nesting struct {
	depth            int
	quoted, escaping bool
}

func (n *nesting) outside() bool { return n.depth <= 0 && !n.quoted }

func (n *nesting) step(c byte) {
	switch {
	case n.escaping:
		n.escaping = false
	case n.quoted:
		n.escaping, n.quoted = c == '\\', c != '"'
	case c == '"':
		n.quoted = true
	case c == '{', c == '[':
		n.depth++
	case c == '}', c == ']':
		n.depth--
	}
}

// ByteOrderMark says what to do about a text that starts with one, which no
// JSON reader of AWS takes; it is "" for any other text.
func ByteOrderMark(text []byte) string {
	for _, mark := range []string{"\xef\xbb\xbf", "\xfe\xff", "\xff\xfe"} {
		if bytes.HasPrefix(text, []byte(mark)) {
			return "byte order mark: save the file as UTF-8 without it"
		}
	}
	return ""
}
