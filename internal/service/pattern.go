package service

import (
	"regexp"
	"regexp/syntax"
	"sync"
)

// A Matcher tells whether a text is of a form; *Pattern and *regexp.Regexp are.
type Matcher interface{ MatchString(text string) bool }

// A Pattern is a regular expression that is compiled when it is first asked: there are many, a start asks none of them, and all
// together would take a tenth of it. It is safe for concurrent use.
type Pattern struct{ compiled func() matching }

// matching is a compiled expression. Most are one class of characters from the beginning to the end, which a table tells sooner.
type matching struct {
	expression *regexp.Regexp
	class      *[128]bool // which of the ASCII characters match; nil of other expressions
	least      int        // how many of the class there must be
}

// NewPattern returns the Pattern of an expression, which must be one; see TestPatternsAreExpressions.
func NewPattern(expression string) *Pattern {
	return &Pattern{sync.OnceValue(func() matching {
		m := matching{expression: regexp.MustCompile(expression)}
		m.class, m.least = classOf(expression)
		return m
	})}
}

// MatchString implements Matcher.
func (p *Pattern) MatchString(text string) bool {
	m := p.compiled()
	if m.class == nil {
		return m.expression.MatchString(text)
	}
	for i := range len(text) {
		if text[i] >= 128 {
			return m.expression.MatchString(text)
		}
		if !m.class[text[i]] {
			return false
		}
	}
	return len(text) >= m.least
}

// classOf reads ^[class]+$ and ^[class]*$; class is nil for everything else.
func classOf(expression string) (class *[128]bool, least int) {
	e, err := syntax.Parse(expression, syntax.Perl)
	if err != nil || e.Op != syntax.OpConcat || len(e.Sub) != 3 || e.Sub[0].Op != syntax.OpBeginText || e.Sub[2].Op != syntax.OpEndText {
		return nil, 0
	}
	repeated := e.Sub[1]
	if repeated.Op != syntax.OpPlus && repeated.Op != syntax.OpStar || repeated.Sub[0].Op != syntax.OpCharClass || repeated.Sub[0].Flags&syntax.FoldCase != 0 {
		return nil, 0
	}
	if repeated.Op == syntax.OpPlus {
		least = 1
	}
	class = new([128]bool)
	for ranges := repeated.Sub[0].Rune; len(ranges) > 0; ranges = ranges[2:] {
		for c := ranges[0]; c <= ranges[1] && int(c) < len(class); c++ {
			class[c] = true
		}
	}
	return class, least
}
