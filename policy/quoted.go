package policy

import (
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// written is where a string, a number or a boolean stands in a document's
// text. A document keeps this instead of the strings: people read them, and
// requests do not.
type written struct {
	at   uint32 // of the first byte; of a string, the quote
	size uint32 // in bytes, both quotes included, and whether there are escapes
}

// escaped is the bit of written.size for strings with escapes. A text is never
// so long.
const escaped = 1 << 31

// in returns what is written in the text. It allocates for strings with
// escapes only.
func (w written) in(text string) string {
	raw := text[w.at : w.at+w.size&^escaped]
	switch {
	case raw == "" || raw[0] != '"':
		return raw
	case w.size&escaped != 0:
		s := scanner{text: text, at: int(w.at)}
		return s.unescaped()
	}
	return raw[1 : len(raw)-1]
}

// string reads a JSON string.
func (s *scanner) string() string {
	w := s.quoted()
	if w.size&escaped == 0 && w.size != 0 {
		return s.text[w.at+1 : w.at+w.size-1]
	}
	return w.in(s.text)
}

// quoted reads a JSON string, eight bytes at a time as long as nothing in it
// needs a closer look.
func (s *scanner) quoted() written {
	if s.peek() != '"' {
		s.fail(s.at, "expected a string")
		return written{}
	}
	for i := s.at + 1; i+8 <= len(s.text); i += 8 {
		stop := stops(eight(s.text, i))
		if stop == 0 {
			continue
		}
		if i += bits.TrailingZeros64(stop) / 8; s.text[i] != '"' {
			break
		}
		w := written{uint32(s.at), uint32(i + 1 - s.at)}
		s.at = i + 1
		return w
	}
	return s.quotedBytewise()
}

// quotedBytewise reads any string.
func (s *scanner) quotedBytewise() written {
	start, ascii := s.at+1, true
	for i := start; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			if v := s.text[start:i]; !ascii {
				if s.ascii = false; !utf8.ValidString(v) {
					s.fail(start+invalidAt(v), "the text is not valid UTF-8")
					return written{}
				}
			}
			s.at = i + 1
			return written{uint32(start - 1), uint32(i + 2 - start)}
		case c == '\\':
			s.ascii = false // for all that is known
			s.unescaped()
			return written{uint32(start - 1), uint32(s.at+1-start) | escaped}
		case c < ' ':
			s.fail(i, "control character in a string")
			return written{}
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	s.fail(start-1, "the string has no end")
	return written{}
}

// invalidAt returns the offset of the first byte that is not UTF-8.
func invalidAt(s string) int {
	for i, r := range s {
		if _, n := utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && n == 1 {
			return i
		}
	}
	return len(s)
}

// unescaped reads a string and says what its escapes stand for.
func (s *scanner) unescaped() string {
	var b strings.Builder
	start := s.at + 1
	for at := start; at < len(s.text); {
		switch c := s.text[at]; {
		case c == '"':
			if v := b.String(); utf8.ValidString(v) {
				s.at = at + 1
				return v
			}
			s.fail(start+invalidAt(s.text[start:at]), "the text is not valid UTF-8")
			return ""
		case c < ' ':
			s.fail(at, "control character in a string")
			return ""
		case c == '\\':
			n := s.escape(&b, at)
			if n == 0 {
				s.fail(at, "bad escape sequence")
				return ""
			}
			at += n
		default:
			b.WriteByte(c)
			at++
		}
	}
	s.fail(start-1, "the string has no end")
	return ""
}

// escape decodes the escape sequence at the offset and returns its length, or
// 0 when there is none. A surrogate without its partner is refused: it has no
// UTF-8 form, and replacing it would make different names equal.
func (s *scanner) escape(b *strings.Builder, at int) int {
	if at+1 >= len(s.text) {
		return 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, s.text[at+1]); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		return 2
	}
	r, ok := s.unicodeEscape(at)
	if !ok {
		return 0
	}
	if !utf16.IsSurrogate(r) {
		b.WriteRune(r)
		return 6
	}
	low, ok := s.unicodeEscape(at + 6)
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0
	}
	b.WriteRune(r)
	return 12
}

func (s *scanner) unicodeEscape(at int) (rune, bool) {
	if at+6 > len(s.text) || s.text[at:at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s.text[at+2:at+6], 16, 32)
	return rune(n), err == nil
}
