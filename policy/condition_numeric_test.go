package policy_test

import "testing"

func TestNumericConditions(t *testing.T) {
	t.Parallel()
	judgeConditions(t, []conditionRow{
		{"equal", "NumericEquals", values("10"), "10", true},
		{"a fraction of nothing", "NumericEquals", values("10.0"), "10", true},
		{"an exponent", "NumericEquals", values("1e1"), "10", true},
		{"a negative exponent", "NumericEquals", values("100e-1"), "10", true},
		{"an exponent over the point", "NumericEquals", values("0.0105E+3"), "10.5", true},
		{"leading zeros", "NumericEquals", values("010"), "10", true},
		{"a plus sign", "NumericEquals", values("+10"), "10", true},
		{"minus zero", "NumericEquals", values("-0.0"), "0", true},
		{"negative", "NumericEquals", values("-1.5"), "-1.50", true},
		{"the sign counts", "NumericEquals", values("-1"), "1", false},
		{"beyond floating point", "NumericEquals", values("9007199254740993"), "9007199254740992", false},
		{"far beyond floating point", "NumericLessThan", values("0.30000000000000000001"), "0.3", true},
		{"alternatives", "NumericEquals", values("1", "2"), "2", true},
		{"no number in the request", "NumericEquals", values("10"), "ten", false},
		{"no number in the policy", "NumericEquals", values("ten"), "10", false},
		{"a number beside none", "NumericEquals", values("ten", "10"), "10", true},
		{"not equal", "NumericNotEquals", values("10"), "11", true},
		{"not unequal", "NumericNotEquals", values("10"), "10.0", false},
		{"negated, no number in the request", "NumericNotEquals", values("10"), "ten", true},
		{"less", "NumericLessThan", values("10"), "9.99", true},
		{"not less", "NumericLessThan", values("10"), "10", false},
		{"less, by length", "NumericLessThan", values("10"), "9", true},
		{"less, negative", "NumericLessThan", values("-1"), "-2", true},
		{"less, over zero", "NumericLessThan", values("1"), "-2", true},
		{"not less, over zero", "NumericLessThan", values("-2"), "1", false},
		{"less than some", "NumericLessThan", values("1", "10"), "5", true},
		{"at most", "NumericLessThanEquals", values("10"), "10.00", true},
		{"not at most", "NumericLessThanEquals", values("10"), "10.01", false},
		{"greater", "NumericGreaterThan", values("10"), "10.1", true},
		{"not greater", "NumericGreaterThan", values("10"), "10", false},
		{"at least", "NumericGreaterThanEquals", values("10"), "10", true},
		{"not at least", "NumericGreaterThanEquals", values("10"), "9.9", false},
	})
	// What is no number, on the request's side.
	for _, text := range []string{
		"", "+", "-", ".", "1.", ".5", "1e", "e1", "1e1.5", "1e401", "1e-401", "0x10", "1_000", " 1", "1 ", "1,5", "∞", "NaN", "١", "1.5.5", "--1", "+-1", "1e 1", "1-1", "1.a",
	} {
		judgeConditions(t, []conditionRow{
			{"no number", "NumericLessThan", values("1000000"), text, false},
			{"no number", "NumericNotEquals", values("1000000"), text, true},
		})
	}
}
