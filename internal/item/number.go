package item

import (
	"math/big"
	"strconv"
	"strings"
)

// Limits of numbers (Developer Guide, "Supported data types and naming rules": up to 38 digits, from 1E-130 to 9.99…E+125).
const (
	maxDigits   = 38
	maxExponent = 125
	minExponent = -130
)

// A Number is an exact decimal of up to 38 significant digits. The zero Number is 0. Equal numbers are equal values, however they
// were written.
type Number struct {
	negative bool
	digits   string // without zeros at either end; empty for 0
	exponent int    // of the first digit: 1.5e3 has 3
}

// ParseNumber reads a number as clients write them: "1", "-1.50", ".5e-3". The error is an Invalid.
func ParseNumber(text string) (Number, error) {
	if text == "" {
		return Number{}, Invalid("The parameter cannot be converted to a numeric value")
	}
	n, ok := scanNumber(text)
	switch {
	case !ok:
		return Number{}, Invalid("The parameter cannot be converted to a numeric value: " + text)
	case n.digits == "":
		return Number{}, nil
	case n.exponent > maxExponent:
		return Number{}, Invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case n.exponent < minExponent:
		return Number{}, Invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	case len(n.digits) > maxDigits:
		return Number{}, Invalid("Attempting to store more than 38 significant digits in a Number")
	}
	return n, nil
}

// scanNumber reads the grammar, without the limits.
func scanNumber(text string) (n Number, ok bool) {
	if rest, signed := strings.CutPrefix(text, "-"); signed {
		n.negative, text = true, rest
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	exponent := 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		if exponent, ok = smallInteger(text[i+1:]); !ok {
			return Number{}, false
		}
		text = text[:i]
	}
	whole, part, _ := strings.Cut(text, ".")
	if whole+part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return Number{}, false
	}
	digits := strings.TrimLeft(whole+part, "0")
	if digits == "" {
		return Number{}, true
	}
	n.exponent = exponent + len(digits) - len(part) - 1
	n.digits = strings.TrimRight(digits, "0")
	return n, true
}

// smallInteger reads an exponent. One of more than five digits is cut: no number has it.
func smallInteger(text string) (n int, ok bool) {
	sign := 1
	if rest, signed := strings.CutPrefix(text, "-"); signed {
		sign, text = -1, rest
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	if text = strings.TrimLeft(text, "0"); len(text) > 5 {
		text = text[:5]
	}
	for _, c := range []byte(text) {
		n = n*10 + int(c-'0')
	}
	return sign * n, true
}

// String returns the number as DynamoDB answers it: all digits, no exponent.
func (n Number) String() string { return string(n.Append(nil)) }

// Append appends what String returns.
func (n Number) Append(dst []byte) []byte {
	if n.digits == "" {
		return append(dst, '0')
	}
	if n.negative {
		dst = append(dst, '-')
	}
	switch point := n.exponent + 1; {
	case point <= 0:
		return append(appendZeros(append(dst, "0."...), -point), n.digits...)
	case point >= len(n.digits):
		return appendZeros(append(dst, n.digits...), point-len(n.digits))
	default:
		return append(append(append(dst, n.digits[:point]...), '.'), n.digits[point:]...)
	}
}

func appendZeros(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, '0')
	}
	return dst
}

// Compare returns -1, 0 or 1.
func (n Number) Compare(m Number) int {
	return strings.Compare(string(n.appendOrdered(nil)), string(m.appendOrdered(nil)))
}

// appendOrdered appends bytes whose order is that of the numbers: sign, exponent, digits. The digits of a negative number are
// their complements, and end in what is above any digit, so that -1.5 stands before -1.
func (n Number) appendOrdered(dst []byte) []byte {
	const zero, positive, negative = 0x80, 0xC0, 0x40
	if n.digits == "" {
		return append(dst, zero)
	}
	const bias = 200
	if !n.negative {
		return append(append(dst, positive, byte((n.exponent+bias)>>8), byte(n.exponent+bias)), n.digits...)
	}
	inverted := 0xFFFF - (n.exponent + bias)
	dst = append(dst, negative, byte(inverted>>8), byte(inverted))
	for _, c := range []byte(n.digits) {
		dst = append(dst, '0'+'9'-c)
	}
	return append(dst, 0xFF)
}

// Add returns the sum, exactly. The error is an Invalid: the sum has more digits or another magnitude than a number can have.
func (n Number) Add(m Number) (Number, error) {
	a, b := n.unscaled(), m.unscaled()
	low := min(n.scale(), m.scale())
	if max(n.scale(), m.scale())-low > 2*(maxExponent-minExponent) {
		return Number{}, Invalid("Attempting to store more than 38 significant digits in a Number")
	}
	a.Mul(a, power(n.scale()-low))
	b.Mul(b, power(m.scale()-low))
	sum := a.Add(a, b)
	text := sum.String()
	made, _ := scanNumber(text)
	made.exponent += low
	if made.digits == "" {
		return Number{}, nil
	}
	return ParseNumber(made.scientific())
}

// Negate returns -n.
func (n Number) Negate() Number {
	if n.digits != "" {
		n.negative = !n.negative
	}
	return n
}

// unscaled is the integer that the digits are, scale the power of ten that it is multiplied by.
func (n Number) unscaled() *big.Int {
	i := new(big.Int)
	i.SetString(n.digits, 10) // of no digits it stays zero
	if n.negative {
		i.Neg(i)
	}
	return i
}

func (n Number) scale() int {
	if n.digits == "" {
		return 0
	}
	return n.exponent - len(n.digits) + 1
}

func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// scientific spells a number with its exponent.
func (n Number) scientific() string {
	sign := ""
	if n.negative {
		sign = "-"
	}
	return sign + n.digits[:1] + "." + n.digits[1:] + "e" + big.NewInt(int64(n.exponent)).String()
}

// size is what a number counts for an item's size: a byte for two digits and one more.
func (n Number) size() int {
	size := (len(n.digits)+1)/2 + 1
	if n.negative {
		size++
	}
	return size
}

// integer is a small integer as a number.
func integer(i int64) Number {
	n, _ := scanNumber(strconv.FormatInt(i, 10))
	return n
}
