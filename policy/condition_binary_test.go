package policy_test

import "testing"

func TestBinaryConditions(t *testing.T) {
	t.Parallel()
	judgeConditions(t, []conditionRow{
		{"the same bytes", "BinaryEquals", values("QmluYXJ5"), "QmluYXJ5", true},
		{"other bytes", "BinaryEquals", values("QmluYXJ5"), "QmluYXJ6", false},
		{"case matters", "BinaryEquals", values("QmluYXJ5"), "qmluyxj5", false},
		{"alternatives", "BinaryEquals", values("AAAA", "QmluYXJ5"), "QmluYXJ5", true},
		{"no bytes", "BinaryEquals", values(""), "", true},
		{"no base64 in the request", "BinaryEquals", values("QmluYXJ5"), "QmluYXJ", false},
		{"no base64 in the policy", "BinaryEquals", values("*"), "QmluYXJ5", false},
		{"the same text that is no base64", "BinaryEquals", values("*"), "*", false},
		{"absent", "BinaryEquals", values("QmluYXJ5"), nil, false},
		{"absent if exists", "BinaryEqualsIfExists", values("QmluYXJ5"), nil, true},
	})
}
