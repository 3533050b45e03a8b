package port_test

import (
	"net"
	"runtime"
	"testing"

	"github.com/ambit-iam/ambit/test/port"
)

// TestAReservedPortIsForWhoNamesIt: again and again, and for nobody else meanwhile.
func TestAReservedPortIsForWhoNamesIt(t *testing.T) {
	t.Parallel()
	address, release, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if c, err := net.Dial("tcp", address); err == nil {
		c.Close()
		t.Error("somebody listens on a reserved port")
	}
	for range 3 {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		accepted, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		accepted.Close()
		c.Close()
		l.Close()
	}
	if runtime.GOOS != "linux" {
		return
	}
	for range 500 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if l.Addr().String() == address {
			t.Fatal("a reserved port was given to somebody who asked for any")
		}
	}
}
