package service

import (
	"regexp"
	"sync"
)

// A Matcher tells whether a text is of a form; *Pattern and *regexp.Regexp are.
type Matcher interface{ MatchString(text string) bool }

// A Pattern is a regular expression that is compiled when it is first asked: there are many, a start asks none of them, and all
// together would take a tenth of it. It is safe for concurrent use.
type Pattern struct{ compiled func() *regexp.Regexp }

// NewPattern returns the Pattern of an expression, which must be one; see TestPatternsAreExpressions.
func NewPattern(expression string) *Pattern {
	return &Pattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
}

// MatchString implements Matcher.
func (p *Pattern) MatchString(text string) bool { return p.compiled().MatchString(text) }
