package policy

import (
	"strconv"
	"strings"
)

// A number is a value of a Numeric operator. Numbers are compared exactly, as
// decimals: 10 equals 10.0, and no digit is lost to floating point.
type number struct {
	decimal
	source string
	ok     bool // source is a number
	pos    uint32
}

// A decimal is a normalised decimal number: no leading zeros in whole, no
// trailing zeros in part, and zero is never negative.
type decimal struct {
	negative    bool
	whole, part string
}

func newNumber(source string, pos int) number {
	d, ok := parseDecimal(source)
	return number{decimal: d, source: source, ok: ok, pos: uint32(pos)}
}

func numericMatches(values []number, r relation, v string) bool {
	got, ok := parseDecimal(v)
	if !ok {
		return false
	}
	for i := range values {
		if values[i].ok && r.holds(got.compare(values[i].decimal)) {
			return true
		}
	}
	return false
}

// maxExponent bounds how far an exponent may move the point.
const maxExponent = 400

// parseDecimal reads an optional sign, digits with an optional point between
// them, and an optional exponent. It allocates only when there is an exponent.
func parseDecimal(s string) (d decimal, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || n > maxExponent || n < -maxExponent {
			return decimal{}, false
		}
		mantissa, exponent = s[:i], n
	}
	whole, part, point := strings.Cut(mantissa, ".")
	if whole == "" || point && part == "" || !allDigits(whole) || !allDigits(part) {
		return decimal{}, false
	}
	d.whole, d.part = whole, part
	if exponent != 0 {
		d.shift(exponent)
	}
	d.whole = strings.TrimLeft(d.whole, "0")
	d.part = strings.TrimRight(d.part, "0")
	if d.whole == "" && d.part == "" {
		d.negative = false
	}
	return d, true
}

// shift moves the point n places to the right.
func (d *decimal) shift(n int) {
	if n > 0 {
		part := d.part + strings.Repeat("0", n)
		d.whole, d.part = d.whole+part[:n], part[n:]
		return
	}
	whole := strings.Repeat("0", -n) + d.whole
	d.whole, d.part = whole[:len(whole)+n], whole[len(whole)+n:]+d.part
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// compare returns -1, 0 or +1 as d is less than, equal to or greater than e.
func (d decimal) compare(e decimal) int {
	if d.negative != e.negative {
		if d.negative {
			return -1
		}
		return 1
	}
	order := len(d.whole) - len(e.whole)
	if order == 0 {
		order = strings.Compare(d.whole, e.whole)
	}
	if order == 0 {
		order = strings.Compare(d.part, e.part)
	}
	if d.negative {
		order = -order
	}
	return min(max(order, -1), 1)
}
