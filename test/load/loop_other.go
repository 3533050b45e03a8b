//go:build !linux

package load

// A Loop is a Crowd where there is nothing cheaper.
type Loop = Crowd

// ConnectLoop is Connect.
func ConnectLoop(addr string, requests ...[][]byte) (*Loop, error) { return Connect(addr, requests...) }
