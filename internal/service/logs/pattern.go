package logs

import (
	"fmt"
	"regexp"
	"strings"
)

// A pattern says which messages FilterLogEvents answers ("Filter pattern syntax", CloudWatch Logs User Guide). Case counts everywhere.
type pattern interface {
	matches(message string) bool
}

// everything is the pattern of who gives none.
var everything pattern = terms{}

// maxRegexes is how many regular expressions a pattern may have that is not one itself.
const maxRegexes = 2

// parsePattern reads a pattern: { … } looks at messages that are JSON, [ … ] at their fields between spaces, anything else at terms.
func parsePattern(text string) (pattern, error) {
	s := &scanner{text: text}
	s.space()
	var p pattern
	var err error
	switch {
	case s.take("{"):
		p, err = s.object()
	case s.take("["):
		p, err = s.fields()
	default:
		return s.terms()
	}
	if err != nil {
		return nil, err
	}
	if s.space(); s.at < len(s.text) {
		return nil, s.fails("there is text after its end")
	}
	if s.regexes > maxRegexes {
		return nil, s.fails("it has more than two regular expressions")
	}
	return p, nil
}

// A scanner reads the text of a pattern.
type scanner struct {
	text    string
	at      int
	regexes int
}

func (s *scanner) fails(why string) error {
	return invalid(fmt.Sprintf("Invalid filter pattern: %s (at character %d)", why, s.at+1))
}

func (s *scanner) space() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) rest() string { return s.text[s.at:] }

func (s *scanner) peek() byte {
	if s.at == len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// take reads a token if it stands next.
func (s *scanner) take(token string) bool {
	if !strings.HasPrefix(s.rest(), token) {
		return false
	}
	s.at += len(token)
	return true
}

// word reads characters while they are not among those that end it.
func (s *scanner) word(ends string) string {
	n := strings.IndexAny(s.rest(), ends)
	if n < 0 {
		n = len(s.rest())
	}
	word := s.rest()[:n]
	s.at += n
	return word
}

// quoted reads what stands between double quotes, in which a backslash stands before quotes and backslashes.
func (s *scanner) quoted() (string, error) {
	var b strings.Builder
	for s.at++; s.at < len(s.text); s.at++ {
		switch ch := s.text[s.at]; {
		case ch == '"':
			s.at++
			return b.String(), nil
		case ch == '\\' && s.at+1 < len(s.text) && (s.text[s.at+1] == '"' || s.text[s.at+1] == '\\'):
			s.at++
			b.WriteByte(s.text[s.at])
		default:
			b.WriteByte(ch)
		}
	}
	return "", s.fails("a double quote is not closed")
}

// regexCharacters are those that the documentation allows in regular expressions: there are no groups.
const regexCharacters = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_#=@/;,-^$?[]{}|\*+.`

// regex reads a regular expression between percent signs.
func (s *scanner) regex() (*regexp.Regexp, error) {
	s.at++
	n := strings.IndexByte(s.rest(), '%')
	if n < 0 {
		return nil, s.fails("a regular expression is not closed by %")
	}
	text := s.rest()[:n]
	if i := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(regexCharacters, r) }); i >= 0 {
		s.at += i
		return nil, s.fails("this character is not supported in regular expressions")
	}
	made, err := regexp.Compile(text)
	if err != nil || text == "" {
		return nil, s.fails("the regular expression is not valid")
	}
	s.at += n + 1
	s.regexes++
	return made, nil
}
