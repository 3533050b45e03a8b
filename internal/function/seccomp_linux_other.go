//go:build linux && !amd64

package function

// Calls that only another architecture has, see sharedUser and sharedTimes.
var sharedUserHere, sharedTimesHere []uint32
