package expression

import (
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/item"
)

// A tokenKind says what a token is. The zero tokenKind is the end.
type tokenKind uint8

const (
	end         tokenKind = iota
	word                  // a name, a keyword or a function
	nameHolder            // #name
	valueHolder           // :value
	number                // an index
	symbol                // ( ) [ ] , . + - = <> < <= > >=
)

// A token is a piece of an expression.
type token struct {
	kind  tokenKind
	text  string
	start int
}

// is reports whether the token is a keyword, in whatever case.
func (t token) is(keyword string) bool { return t.kind == word && strings.EqualFold(t.text, keyword) }

// shown is the token as a message has it.
func (t token) shown() string {
	if t.kind == end {
		return "<EOF>"
	}
	return t.text
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

// lex cuts an expression into tokens, of which the last one is the end.
func lex(text string) ([]token, error) {
	tokens := make([]token, 0, len(text)/3+2)
	for at := 0; at < len(text); {
		start, c := at, text[at]
		t := token{start: start}
		switch {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			at++
			continue
		case letter(c), c == '#', c == ':', digit(c):
			t.kind = kindOfWord(c)
			for at++; at < len(text) && (digit(text[at]) || t.kind != number && letter(text[at])); {
				at++
			}
			if (t.kind == nameHolder || t.kind == valueHolder) && at == start+1 {
				return nil, syntaxError(text, tokens, token{kind: symbol, text: text[start:at], start: start})
			}
		case strings.HasPrefix(text[at:], "<>"), strings.HasPrefix(text[at:], "<="), strings.HasPrefix(text[at:], ">="):
			t.kind, at = symbol, at+2
		case strings.IndexByte("()[],.+-=<>", c) >= 0:
			t.kind, at = symbol, at+1
		default:
			return nil, syntaxError(text, tokens, token{kind: symbol, text: firstRune(text[at:]), start: at})
		}
		t.text = text[start:at]
		tokens = append(tokens, t)
	}
	return append(tokens, token{start: len(text)}), nil
}

func kindOfWord(first byte) tokenKind {
	switch {
	case first == '#':
		return nameHolder
	case first == ':':
		return valueHolder
	case digit(first):
		return number
	}
	return word
}

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

// syntaxError is the refusal of a token: it is shown with the one before and the one behind it.
func syntaxError(text string, before []token, t token) error {
	from, to := t.start, t.start+len(t.text)
	if n := len(before); n > 0 {
		from = before[n-1].start
	}
	if rest := strings.TrimLeft(text[to:], " \t\r\n"); rest != "" && t.kind != end {
		next := strings.IndexAny(rest, " \t\r\n")
		if next < 0 {
			next = len(rest)
		}
		to = len(text) - len(rest) + next
	}
	return item.Invalid("Syntax error; token: \"" + t.shown() + "\", near: \"" + strings.TrimRight(text[from:min(to, len(text))], " \t\r\n") + "\"")
}
