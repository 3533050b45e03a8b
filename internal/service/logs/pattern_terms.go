package logs

import (
	"regexp"
	"strings"
	"unicode"
)

// terms is a pattern of words, phrases and regular expressions that a message has, in any order: all of those that stand alone, none of
// those with a minus, and any of those with a question mark. The last count only if there are no others.
type terms struct{ all, any, none []term }

// A term is a text that a message has somewhere, or a regular expression that matches a part of it.
type term struct {
	text  string
	regex *regexp.Regexp
}

func (t term) in(message string) bool {
	if t.regex != nil {
		return t.regex.MatchString(message)
	}
	return strings.Contains(message, t.text)
}

func (p terms) matches(message string) bool {
	for _, t := range p.all {
		if !t.in(message) {
			return false
		}
	}
	for _, t := range p.none {
		if t.in(message) {
			return false
		}
	}
	if len(p.all)+len(p.none) > 0 || len(p.any) == 0 {
		return true
	}
	for _, t := range p.any {
		if t.in(message) {
			return true
		}
	}
	return false
}

func (s *scanner) terms() (pattern, error) {
	var p terms
	for s.space(); s.at < len(s.text); s.space() {
		into := &p.all
		switch {
		case s.take("-"):
			into = &p.none
		case s.take("?"):
			into = &p.any
		}
		t, err := s.term()
		if err != nil {
			return nil, err
		}
		*into = append(*into, t)
	}
	return p, nil
}

func (s *scanner) term() (t term, err error) {
	switch s.peek() {
	case '%':
		t.regex, err = s.regex()
		return t, err
	case '"':
		t.text, err = s.quoted()
		return t, err
	}
	begin := s.at
	t.text = s.word(" \t\r\n")
	if i := strings.IndexFunc(t.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }); i >= 0 || t.text == "" {
		s.at = begin + max(0, i)
		return t, s.fails("a term with other characters than letters, digits and _ stands between double quotes")
	}
	return t, nil
}
