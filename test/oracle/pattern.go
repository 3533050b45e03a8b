package oracle

import "strings"

// A token is one element of a pattern.
type token struct {
	kind tokenKind
	char rune // the character as it was written; what a literal must equal
}

type tokenKind int

const (
	literal      tokenKind = iota
	one                    // exactly one character
	oneInSegment           // exactly one character that is not a colon
	run                    // any run of characters
	runInSegment           // any run of characters without a colon
)

// A pattern is a text in which some characters are wildcards. Text that came out
// of a policy variable is in it as literals, so that a value never widens it.
type pattern []token

// glob reads a text in which * and ? are wildcards everywhere.
func glob(text string) pattern {
	var p pattern
	for _, char := range text {
		p = append(p, globToken(char))
	}
	return p
}

func globToken(char rune) token {
	switch char {
	case '*':
		return token{run, char}
	case '?':
		return token{one, char}
	}
	return token{literal, char}
}

// literals reads a text without wildcards.
func literals(text string) pattern {
	var p pattern
	for _, char := range text {
		p = append(p, token{literal, char})
	}
	return p
}

// text is the pattern as a plain text, for operators that know no wildcards.
func (p pattern) text() string {
	var b strings.Builder
	for _, t := range p {
		b.WriteRune(t.char)
	}
	return b.String()
}

// matches reports whether the pattern covers the whole of text. It remembers from
// which places a run has failed, so that no pattern takes exponential time.
func (p pattern) matches(text string) bool {
	chars := []rune(text)
	var failed map[[2]int]bool
	var from func(i, j int) bool
	from = func(i, j int) bool {
		for ; i < len(p); i, j = i+1, j+1 {
			kind := p[i].kind
			if kind == run || kind == runInSegment {
				break
			}
			if j == len(chars) ||
				kind == literal && p[i].char != chars[j] ||
				kind == oneInSegment && chars[j] == ':' {
				return false
			}
		}
		if i == len(p) {
			return j == len(chars)
		}
		place := [2]int{i, j}
		if failed[place] {
			return false
		}
		for end := j; ; end++ {
			if from(i+1, end) {
				return true
			}
			if end == len(chars) || p[i].kind == runInSegment && chars[end] == ':' {
				break
			}
		}
		if failed == nil {
			failed = map[[2]int]bool{}
		}
		failed[place] = true
		return false
	}
	return from(0, 0)
}

// segments cuts a pattern into the six components of an ARN; the last one takes
// the rest. It returns nil for a pattern with fewer.
func (p pattern) segments() []pattern {
	var parts []pattern
	start := 0
	for i, t := range p {
		if t.char == ':' && len(parts) < 5 {
			parts = append(parts, p[start:i])
			start = i + 1
		}
	}
	if len(parts) < 5 {
		return nil
	}
	return append(parts, p[start:])
}

// matchesARN compares component by component, as the ARN condition operators do:
// no wildcard before the sixth component reaches over a colon. The pattern * alone
// covers every value; everything else with fewer than six components covers none.
func (p pattern) matchesARN(value string) bool {
	if len(p) == 1 && p[0].kind == run {
		return true
	}
	components := strings.SplitN(value, ":", 6)
	parts := p.segments()
	if parts == nil || len(components) < 6 {
		return false
	}
	for i, part := range parts {
		if !part.matches(components[i]) {
			return false
		}
	}
	return true
}

// resourcePattern reads one entry of a Resource or NotResource list ("IAM JSON
// policy elements: Resource"). Policy variables count only behind the fifth
// colon, and only where the document's version knows them. The answer is false
// when a variable cannot be resolved: such an entry covers nothing.
//
// In front of the fifth colon wildcards stay inside their component, except a *
// at its end, which may run over the colons that follow. Missing trailing
// components are *.
func resourcePattern(text string, variables lookup) (pattern, bool) {
	if text != "" && strings.Trim(text, "*") == "" {
		return pattern{{run, '*'}}, true
	}
	parts := strings.SplitN(text, ":", 6)
	var p pattern
	for i, part := range parts[:min(len(parts), 5)] {
		if i > 0 {
			p = append(p, token{literal, ':'})
		}
		p = append(p, component(part)...)
	}
	if len(parts) == 6 {
		rest, ok := expand(parts[5], variables)
		return append(append(p, token{literal, ':'}), rest...), ok
	}
	for range 6 - len(parts) {
		p = append(p, token{literal, ':'}, token{run, '*'})
	}
	return p, true
}

// component reads one of the first five components of a resource pattern.
func component(text string) pattern {
	p := glob(text)
	for i := range p {
		switch {
		case p[i].kind == one:
			p[i].kind = oneInSegment
		case p[i].kind == run && i < len(p)-1:
			p[i].kind = runInSegment
		}
	}
	return p
}
