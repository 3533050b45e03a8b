package oracle

import (
	"strings"
	"unicode/utf8"
)

// A lookup finds the values of a condition key by its name, ignoring case. It
// answers nil for a key that is absent. A nil lookup stands for a document whose
// version knows no policy variables.
type lookup func(key string) []string

// expand reads a text with wildcards and policy variables ("IAM policy elements:
// Variables and tags"). What a variable stands for enters the pattern literally.
// The answer is false when some variable has neither value nor default text.
func expand(text string, variables lookup) (pattern, bool) {
	var p pattern
	for text != "" {
		if name, rest, found := variable(text); found && variables != nil {
			value, ok := resolve(name, variables)
			if !ok {
				return nil, false
			}
			p = append(p, literals(value)...)
			text = rest
			continue
		}
		char, size := utf8.DecodeRuneInString(text)
		p = append(p, globToken(char))
		text = text[size:]
	}
	return p, true
}

// variable cuts a variable off the front of a text. A "${" that is never closed
// is ordinary text.
func variable(text string) (name, rest string, found bool) {
	inner, ok := strings.CutPrefix(text, "${")
	if !ok {
		return "", "", false
	}
	return strings.Cut(inner, "}")
}

// resolve says what a variable stands for. ${*}, ${?} and ${$} are the characters
// themselves. A key with several values has no single one to stand for, and its
// default text does not apply either, because the key is not absent.
func resolve(name string, variables lookup) (string, bool) {
	if name == "*" || name == "?" || name == "$" {
		return name, true
	}
	key, fallback, hasDefault := strings.Cut(name, ", '")
	if hasDefault {
		fallback, hasDefault = strings.CutSuffix(fallback, "'")
		if !hasDefault {
			key = name
		}
	}
	switch values := variables(key); len(values) {
	case 0:
		return fallback, hasDefault
	case 1:
		return values[0], true
	}
	return "", false
}
