package policy_test

import "testing"

func TestDateConditions(t *testing.T) {
	t.Parallel()
	const noon = "2026-01-31T12:00:00Z" // 1769860800
	judgeConditions(t, []conditionRow{
		{"the same", "DateEquals", values(noon), noon, true},
		{"epoch seconds in the policy", "DateEquals", values("1769860800"), noon, true},
		{"epoch seconds in the request", "DateEquals", values(noon), "1769860800", true},
		{"another zone", "DateEquals", values("2026-01-31T13:30:00+01:30"), noon, true},
		{"a zone to the west", "DateEquals", values("2026-01-31T04:00:00-08:00"), noon, true},
		{"no zone is UTC", "DateEquals", values("2026-01-31T12:00:00"), noon, true},
		{"no seconds", "DateEquals", values("2026-01-31T12:00Z"), noon, true},
		{"a fraction", "DateEquals", values("2026-01-31T12:00:00.000Z"), noon, true},
		{"a fraction counts", "DateEquals", values("2026-01-31T12:00:00.5Z"), noon, false},
		{"a fraction beyond nanoseconds", "DateEquals", values("2026-01-31T12:00:00.5000000000001Z"), "2026-01-31T12:00:00.5Z", true},
		{"a day", "DateEquals", values("2026-01-31"), "2026-01-31T00:00:00Z", true},
		{"a month", "DateEquals", values("2026-01"), "2026-01-01", true},
		{"alternatives", "DateEquals", values("2020-01-01", noon), noon, true},
		{"before the epoch", "DateEquals", values("-86400"), "1969-12-31", true},
		{"a plus sign", "DateEquals", values("+86400"), "1970-01-02", true},
		{"not the same", "DateNotEquals", values("2026-02-01"), noon, true},
		{"not another", "DateNotEquals", values("1769860800"), noon, false},
		{"before", "DateLessThan", values("2026-02"), noon, true},
		{"not before", "DateLessThan", values(noon), noon, false},
		{"before by a fraction", "DateLessThan", values("2026-01-31T12:00:00.2Z"), "2026-01-31T12:00:00.1Z", true},
		{"until", "DateLessThanEquals", values(noon), noon, true},
		{"not until", "DateLessThanEquals", values(noon), "2026-01-31T12:00:01Z", false},
		{"after", "DateGreaterThan", values("2026-01-01"), noon, true},
		{"not after", "DateGreaterThan", values("2026-02"), noon, false},
		{"four digits are epoch seconds, not a year", "DateGreaterThan", values("2027"), noon, true},
		{"since", "DateGreaterThanEquals", values(noon), noon, true},
		{"not since", "DateGreaterThanEquals", values(noon), "2026-01-31T11:59:59.999Z", false},
		{"a leap day", "DateLessThan", values("2028-02-29"), noon, true},
		{"no date in the policy", "DateLessThan", values("tomorrow"), noon, false},
		{"negated, no date in the policy", "DateNotEquals", values("tomorrow"), noon, true},
	})
	// What is no date, on the request's side.
	for _, text := range []string{
		"", "-", "+", "+-1", "2026-", "2026-1-1", "2026-13", "2026-00", "2026-02-30", "2026-02-29", "2026-01-00", "26-01-01", "2026/01/01",
		"2026-01-31T", "2026-01-31T12", "2026-01-31T12:", "2026-01-31T24:00", "2026-01-31T12:60", "2026-01-31T12:00:60", "2026-01-31T12:00:00.",
		"2026-01-31T12:00:00+1", "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+01:60", "2026-01-31T12:00:00X", "2026-01-31 12:00:00",
		"2026-01-31T12:00:00Zx", "2026-01-31Z", "2026-0a", "1.5", "253402300800", "99999999999999999999", "٢٠٢٦-٠١",
	} {
		judgeConditions(t, []conditionRow{
			{"no date", "DateLessThan", values("9999-01-01"), text, false},
			{"no date", "DateNotEquals", values("9999-01-01"), text, true},
		})
	}
}
