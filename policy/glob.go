package policy

import (
	"slices"
	"unicode/utf8"
)

// glob reports whether s matches glob code.
//
// The first attempt is the usual greedy walk that remembers the last wildcard
// and comes back to it. Patterns built to make that walk quadratic exhaust its
// budget, and then all positions are followed at once, which takes time
// proportional to len(s)·len(code)/64 whatever the pattern.
func glob[T string | []byte](code T, s string) bool {
	// Most texts that do not match differ at the end already.
	for i, j := len(s)-1, len(code)-1; j >= 0 && code[j] < codeFirst; i, j = i-1, j-1 {
		if i < 0 || s[i] != code[j] {
			return false
		}
	}
	matched, done := globGreedy(code, s, 4*(len(code)+len(s))+64)
	if done {
		return matched
	}
	return globParallel(code, s)
}

// globGreedy walks s once and comes back to the last wildcard on a mismatch. A
// run that may cross colons forgets an earlier one that may not: an earlier
// start of what follows it never ends later, so the leftmost match is enough.
// It reports done = false when it has spent its budget of steps.
func globGreedy[T string | []byte](code T, s string, budget int) (matched, done bool) {
	var (
		i, j               int
		partCode, partText = -1, 0 // last codeRunPart and the text it has reached
		runCode, runText   = -1, 0 // last codeRun, likewise
	)
	for ; budget > 0; budget-- {
		if j < len(code) {
			switch c := code[j]; c {
			case codeRun:
				if j+1 == len(code) {
					return true, true
				}
				runCode, runText, partCode = j, i, -1
				j++
				continue
			case codeRunPart:
				partCode, partText = j, i
				j++
				continue
			default:
				if i < len(s) && matchesOne(c, s[i]) {
					i, j = i+oneLen(c, s[i:]), j+1
					continue
				}
			}
		} else if i == len(s) {
			return true, true
		}
		switch {
		case partCode >= 0 && partText < len(s) && s[partText] != ':':
			partText++
			i, j = partText, partCode+1
		case runCode >= 0 && runText < len(s):
			runText++
			partCode = -1
			i, j = runText, runCode+1
		default:
			return false, true
		}
	}
	return false, false
}

// matchesOne reports whether a code byte other than a run accepts the
// character that starts with c.
func matchesOne(code, c byte) bool {
	switch code {
	case codeOne:
		return true
	case codeOnePart:
		return c != ':'
	}
	return code == c
}

// oneLen is the length of what one code byte consumes: a "?" stands for one
// character, which may have several bytes.
func oneLen(code byte, s string) int {
	if code < codeFirst || s[0] < 0x80 {
		return 1
	}
	for n := 1; n < len(s) && n < 4; n++ {
		if s[n]&0xC0 != 0x80 {
			return n
		}
	}
	return min(len(s), 4)
}

// globParallel follows all positions of the code at once, 64 to a word.
//
// A position says how many tokens, characters and "?", have been matched. A
// character moves the positions whose next token accepts it on by one, and
// keeps those where a run stands.
func globParallel[T string | []byte](code T, s string) bool {
	t := tokensOf(code)
	now, next := make([]uint64, t.words()), make([]uint64, t.words())
	now[0] = 1
	for _, c := range s {
		stay := t.run
		if c == ':' {
			stay = t.runOverColon
		}
		moves := t.accepting(c)
		carry, alive := uint64(0), uint64(0)
		for w := range now {
			moved := now[w] & moves[w]
			next[w] = moved<<1 | carry | now[w]&stay[w]
			carry = moved >> 63
			alive |= next[w]
		}
		if alive == 0 {
			return false
		}
		now, next = next, now
	}
	n := len(t.tokens)
	return now[n/64]&(1<<(n%64)) != 0
}

// tokens are glob code taken apart: what must be matched in order, and at
// which positions runs stand.
type tokens struct {
	tokens       []rune // characters; anyRune and notColon for "?"
	run          []uint64
	runOverColon []uint64
	accepts      map[rune][]uint64 // made when a character is first seen
	anything     []uint64          // for characters that no token names
}

const (
	anyRune  = -1 - iota // codeOne
	notColon             // codeOnePart
)

func tokensOf[T string | []byte](code T) *tokens {
	t := &tokens{accepts: make(map[rune][]uint64)}
	text := string(code)
	t.run, t.runOverColon = make([]uint64, len(text)/64+1), make([]uint64, len(text)/64+1)
	for i := 0; i < len(text); {
		at := len(t.tokens)
		switch text[i] {
		case codeRun:
			t.runOverColon[at/64] |= 1 << (at % 64)
			t.run[at/64] |= 1 << (at % 64)
		case codeRunPart:
			t.run[at/64] |= 1 << (at % 64)
		case codeOne:
			t.tokens = append(t.tokens, anyRune)
		case codeOnePart:
			t.tokens = append(t.tokens, notColon)
		default:
			c, n := utf8.DecodeRuneInString(text[i:])
			t.tokens = append(t.tokens, c)
			i += n
			continue
		}
		i++
	}
	t.anything = t.mask(anyRune)
	return t
}

func (t *tokens) words() int { return len(t.tokens)/64 + 1 }

// accepting returns the positions whose next token accepts c.
func (t *tokens) accepting(c rune) []uint64 {
	if m, seen := t.accepts[c]; seen {
		return m
	}
	m := t.anything
	if c == ':' || slices.Contains(t.tokens, c) {
		m = t.mask(c)
	}
	t.accepts[c] = m
	return m
}

// mask makes the positions whose next token accepts c; anyRune stands for a
// character that no token names and that is no colon.
func (t *tokens) mask(c rune) []uint64 {
	m := make([]uint64, t.words())
	for i, token := range t.tokens {
		if token == c || token == anyRune || token == notColon && c != ':' {
			m[i/64] |= 1 << (i % 64)
		}
	}
	return m
}
