package policy

import "math/bits"

// glob reports whether s matches glob code.
//
// The first attempt is the usual greedy walk that remembers the last wildcard
// and comes back to it. Patterns built to make that walk quadratic exhaust its
// budget, and then all positions are followed at once, which takes time
// proportional to len(s)·len(code) whatever the pattern.
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

// globParallel follows all positions of the code at once, one bit each.
func globParallel[T string | []byte](code T, s string) bool {
	now, next := make([]uint64, len(code)/64+1), make([]uint64, len(code)/64+1)
	open(now, code, 0)
	for at := 0; at < len(s); {
		n := oneLen(codeOne, s[at:])
		clear(next)
		for w, word := range now {
			for ; word != 0; word &= word - 1 {
				if i := w*64 + bits.TrailingZeros64(word); i < len(code) {
					step(next, code, i, s[at:at+n])
				}
			}
		}
		now, next = next, now
		at += n
	}
	return now[len(code)/64]&(1<<(len(code)%64)) != 0
}

// open adds position i and, since runs may be empty, what follows them. What
// follows a position that is there already has been added with it; without
// stopping there, a row of asterisks would cost its length squared at each step.
func open[T string | []byte](v []uint64, code T, i int) {
	for v[i/64]&(1<<(i%64)) == 0 {
		v[i/64] |= 1 << (i % 64)
		if i == len(code) || code[i] < codeRunPart {
			return
		}
		i++
	}
}

// step adds to next where position i of the code leads over the character ch.
func step[T string | []byte](next []uint64, code T, i int, ch string) {
	switch c := code[i]; {
	case c == codeRun, c == codeRunPart && ch != ":":
		open(next, code, i)
	case c == codeRunPart:
	case c >= codeFirst:
		if matchesOne(c, ch[0]) {
			open(next, code, i+1)
		}
	case literalHere(code, i, ch):
		open(next, code, i+len(ch))
	}
}

// literalHere reports whether the code has the character ch at i, byte for
// byte.
func literalHere[T string | []byte](code T, i int, ch string) bool {
	if i+len(ch) > len(code) {
		return false
	}
	for k := range len(ch) {
		if code[i+k] != ch[k] {
			return false
		}
	}
	return true
}
