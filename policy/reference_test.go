package policy_test

import (
	"strings"
	"unicode/utf8"
)

// The reference matcher: the rules of the IAM User Guide for wildcards, ARNs
// and policy variables, as plainly as they can be written, over characters and
// without any thought of speed. The fuzz targets hold the engine against it.

// A symbol is one element of a pattern: a character, "?" or "*".
type symbol struct {
	char   rune // the character, if it is one
	wild   rune // '?' or '*', if it is one
	within bool // a wildcard that does not match a colon
}

// likes reports whether the symbols match the whole text.
func likes(symbols []symbol, text string) bool {
	chars := []rune(text)
	// reach[i] says that the symbols so far can have consumed i characters.
	reach := make([]bool, len(chars)+1)
	reach[0] = true
	for _, s := range symbols {
		next := make([]bool, len(chars)+1)
		for i := range reach {
			accepts := func(c rune) bool { return s.wild != 0 && !(s.within && c == ':') || s.wild == 0 && s.char == c }
			switch {
			case s.wild == '*':
				next[i] = next[i] || reach[i]
				if next[i] && i < len(chars) && accepts(chars[i]) {
					next[i+1] = true
				}
			case reach[i] && i < len(chars) && accepts(chars[i]):
				next[i+1] = true
			}
		}
		reach = next
	}
	return reach[len(chars)]
}

// A part of a pattern is its own text, in which wildcards count, or the value
// of a variable, in which they do not.
type part struct {
	text    string
	literal bool
}

// symbolsOf spells the parts in the dialect of String conditions ("like"), of
// Arn conditions ("arn") or of the Resource element ("resource").
func symbolsOf(dialect string, parts []part) []symbol {
	var out []symbol
	colons := 0
	for k, p := range parts {
		chars := []rune(p.text)
		for i, c := range chars {
			within := dialect != "like" && colons < 5
			switch {
			case !p.literal && c == '*':
				// In a Resource, the last asterisks of a segment run over colons.
				rest := strings.TrimLeft(string(chars[i:]), "*")
				ends := strings.HasPrefix(rest, ":") || rest == "" && k == len(parts)-1
				out = append(out, symbol{wild: '*', within: within && !(dialect == "resource" && ends)})
			case !p.literal && c == '?':
				out = append(out, symbol{wild: '?', within: within})
			default:
				if c == ':' {
					colons++
				}
				out = append(out, symbol{char: c})
			}
		}
	}
	for dialect == "resource" && colons < 5 {
		out = append(out, symbol{char: ':'}, symbol{wild: '*'})
		colons++
	}
	return out
}

// expand puts the values of variables into a pattern; ok is false when one has
// no value. Only what follows the fifth colon of a Resource has variables.
func expand(dialect, pattern string, keys map[string]string) (parts []part, ok bool) {
	add := func(text string, literal bool) {
		if text != "" {
			parts = append(parts, part{text, literal})
		}
	}
	for pattern != "" {
		before, rest, found := strings.Cut(pattern, "${")
		end := unquotedBrace(rest)
		if !found || end < 0 {
			add(pattern, false)
			return parts, true
		}
		add(before, false)
		body := rest[:end]
		pattern = rest[end+1:]
		if dialect == "resource" && colonsOf(parts) < 5 {
			add("${"+body+"}", false)
			continue
		}
		value, ok := valueOf(body, keys)
		if !ok {
			return nil, false
		}
		parts = append(parts, part{value, true})
	}
	return parts, true
}

func colonsOf(parts []part) (n int) {
	for _, p := range parts {
		if !p.literal {
			n += strings.Count(p.text, ":")
		}
	}
	return n
}

// unquotedBrace finds the end of a variable, past quotes.
func unquotedBrace(s string) int {
	quoted := false
	for i, c := range s {
		if c == '\'' {
			quoted = !quoted
		}
		if c == '}' && !quoted {
			return i
		}
	}
	return -1
}

func valueOf(body string, keys map[string]string) (string, bool) {
	if body == "*" || body == "?" || body == "$" {
		return body, true
	}
	name, fallback, has := strings.Cut(body, ",")
	name, fallback = strings.TrimSpace(name), strings.TrimSpace(fallback)
	quoted := len(fallback) >= 2 && strings.HasPrefix(fallback, "'") && strings.HasSuffix(fallback, "'")
	if name == "" || has && !quoted {
		return "", false
	}
	if value, ok := keys[strings.ToLower(name)]; ok {
		return value, true
	}
	if has {
		return fallback[1 : len(fallback)-1], true
	}
	return "", false
}

// expected says what a pattern should answer for a text.
func expected(dialect, pattern, text string, keys map[string]string) bool {
	if onlyStars := pattern != "" && strings.Trim(pattern, "*") == ""; dialect == "resource" && (onlyStars || text == "*") {
		return onlyStars
	}
	parts, ok := expand(dialect, pattern, keys)
	if !ok {
		return false
	}
	symbols := symbolsOf(dialect, parts)
	if dialect == "arn" && (len(symbols) != 1 || symbols[0].wild != '*') {
		// Anything but a lone star needs six fields on both sides.
		colons := 0
		for _, s := range symbols {
			if s.char == ':' {
				colons++
			}
		}
		if colons < 5 || strings.Count(text, ":") < 5 {
			return false
		}
	}
	return dialect == "arn" && len(symbols) == 1 && symbols[0].wild == '*' || likes(symbols, text)
}

func validUTF8(texts ...string) bool {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return false
		}
	}
	return true
}
