//go:build !linux

package function

import "net/netip"

// MayBeCode reports whether the client of a connection is the code of a function, which cannot be found out here.
func (h *Host) MayBeCode(_, _ netip.AddrPort) bool { return false }
