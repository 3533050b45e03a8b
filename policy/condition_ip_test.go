package policy_test

import "testing"

func TestIPConditions(t *testing.T) {
	t.Parallel()
	judgeConditions(t, []conditionRow{
		{"inside", "IpAddress", values("10.0.0.0/8"), "10.255.255.255", true},
		{"outside", "IpAddress", values("10.0.0.0/8"), "11.0.0.0", false},
		{"one address", "IpAddress", values("203.0.113.7"), "203.0.113.7", true},
		{"another address", "IpAddress", values("203.0.113.7"), "203.0.113.8", false},
		{"host bits are masked off", "IpAddress", values("10.1.2.3/8"), "10.9.9.9", true},
		{"all of IPv4", "IpAddress", values("0.0.0.0/0"), "203.0.113.7", true},
		{"all of IPv4 is not IPv6", "IpAddress", values("0.0.0.0/0"), "2001:db8::1", false},
		{"all of IPv6 is not IPv4", "IpAddress", values("::/0"), "203.0.113.7", false},
		{"IPv6", "IpAddress", values("2001:db8::/32"), "2001:DB8:0:0:0:0:0:1", true},
		{"one IPv6 address, spelled otherwise", "IpAddress", values("2001:DB8:0:0::1"), "2001:db8::1", true},
		{"IPv4 inside IPv6 is IPv6", "IpAddress", values("10.0.0.0/8"), "::ffff:10.0.0.1", false},
		{"a list of both families", "IpAddress", values("10.0.0.0/8", "2001:db8::/32"), "2001:db8::9", true},
		{"no address in the request", "IpAddress", values("0.0.0.0/0"), "localhost", false},
		{"a range in the request", "IpAddress", values("0.0.0.0/0"), "10.0.0.0/8", false},
		{"a zone in the request", "IpAddress", values("::/0"), "fe80::1%eth0", false},
		{"a zone in the policy", "IpAddress", values("fe80::1%eth0"), "fe80::1", false},
		{"no range in the policy", "IpAddress", values("10.0.0.0/33"), "10.0.0.0", false},
		{"no address in the policy", "IpAddress", values("10.0.0"), "10.0.0.0", false},
		{"leading zeros", "IpAddress", values("010.0.0.1"), "10.0.0.1", false},
		{"a range beside none", "IpAddress", values("x", "10.0.0.0/8"), "10.0.0.0", true},
		{"absent", "IpAddress", values("0.0.0.0/0"), nil, false},
		{"not inside", "NotIpAddress", values("10.0.0.0/8"), "11.0.0.0", true},
		{"not outside", "NotIpAddress", values("11.0.0.0/8", "10.0.0.0/8"), "10.0.0.1", false},
		{"negated, another family", "NotIpAddress", values("0.0.0.0/0"), "2001:db8::1", true},
		{"negated, no address", "NotIpAddress", values("0.0.0.0/0"), "localhost", true},
		{"negated, absent", "NotIpAddress", values("0.0.0.0/0"), nil, true},
	})
}
