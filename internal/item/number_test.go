package item_test

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/item"
)

func TestNumbersAreSpelledInFull(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "0.000": "0", "000": "0", "1": "1", "+1": "1", "-1.50": "-1.5", "007": "7", ".5": "0.5", "5.": "5",
		"1e3": "1000", "1.5E+3": "1500", "12e-1": "1.2", "-0.00120": "-0.0012", "1e-130": "0." + strings.Repeat("0", 129) + "1",
		"9e125": "9" + strings.Repeat("0", 125), "12345678901234567890123456789012345678": "12345678901234567890123456789012345678",
		"0.12345678901234567890123456789012345678": "0.12345678901234567890123456789012345678", "100e-2": "1", "0e999999999": "0",
	} {
		n, err := item.ParseNumber(text)
		if err != nil || n.String() != want {
			t.Errorf("%s: %s, %v", text, n, err)
		}
	}
}

func TestNumbersAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "The parameter cannot be converted to a numeric value", "x": "The parameter cannot be converted to a numeric value: x",
		" 1": "numeric value:  1", "1 ": "numeric value: 1 ", "1.2.3": "numeric value: 1.2.3", "1e": "numeric value: 1e", "-": "numeric value: -",
		".": "numeric value: .", "e5": "numeric value: e5", "0x10": "numeric value: 0x10", "NaN": "numeric value: NaN", "Infinity": "numeric value: Infinity",
		"--1": "numeric value: --1", "1e1.5": "numeric value: 1e1.5", "1_000": "numeric value: 1_000",
		"1e126": "Number overflow. Attempting to store a number with magnitude larger than supported range", "1e99999999999999": "Number overflow",
		"1e-131": "Number underflow. Attempting to store a number with magnitude smaller than supported range",
		"123456789012345678901234567890123456789": "Attempting to store more than 38 significant digits in a Number",
	} {
		if n, err := item.ParseNumber(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s, %v", text, n, err)
		}
	}
}

var decimals = rapid.StringMatching(`-?[0-9]{1,12}(\.[0-9]{1,12})?(e-?[0-9]{1,2})?`)

func rat(t *rapid.T, text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("not a number: %s", text)
	}
	return r
}

// TestNumbersAgainstRationals holds text, order, sum and difference against exact fractions.
func TestNumbersAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals.Draw(t, "a"), decimals.Draw(t, "b")
		m, err := item.ParseNumber(a)
		n, err2 := item.ParseNumber(b)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		x, y := rat(t, a), rat(t, b)
		if rat(t, m.String()).Cmp(x) != 0 {
			t.Fatalf("%s is spelled %s", a, m)
		}
		if got := m.Compare(n); got != x.Cmp(y) || (m == n) != (got == 0) {
			t.Fatalf("%s and %s compare as %d", a, b, got)
		}
		for _, c := range []struct {
			with item.Number
			want *big.Rat
		}{{n, new(big.Rat).Add(x, y)}, {n.Negate(), new(big.Rat).Sub(x, y)}} {
			sum, err := m.Add(c.with)
			if err != nil {
				if !strings.Contains(err.Error(), "38 significant digits") {
					t.Fatal(err)
				}
				continue
			}
			if rat(t, sum.String()).Cmp(c.want) != 0 {
				t.Fatalf("%s and %s make %s, not %s", a, b, sum, c.want)
			}
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1", "-1.5e-7", "1e125", ".", "+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := item.ParseNumber(text)
		if err != nil {
			return
		}
		again, err := item.ParseNumber(n.String())
		if err != nil || again != n {
			t.Errorf("%q is %s, which is %v, %v", text, n, again, err)
		}
	})
}
