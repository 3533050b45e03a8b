//go:build linux && !amd64

package function

// modes are calls that only another architecture has, see sharedUser.
var modes []uint32
