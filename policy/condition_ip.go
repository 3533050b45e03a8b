package policy

import (
	"net/netip"
	"strings"
)

// An addressRange is a value of an IpAddress operator: a CIDR block, or one
// address. IPv4 and IPv6 never match across.
type addressRange struct {
	prefix netip.Prefix
	source string
	ok     bool // source is a range or an address
	pos    uint32
}

func newAddressRange(source string, pos int) addressRange {
	p, ok := parseRange(source)
	return addressRange{prefix: p, source: source, ok: ok, pos: uint32(pos)}
}

func parseRange(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, false
		}
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

func addressMatches(values []addressRange, v string) bool {
	a, err := netip.ParseAddr(v)
	if err != nil || a.Zone() != "" {
		return false
	}
	for i := range values {
		// Contains keeps the families apart, mapped addresses included.
		if values[i].ok && values[i].prefix.Contains(a) {
			return true
		}
	}
	return false
}
