package function

import (
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// maxConnections is how many connections the Runtime API of one environment has at a time. Runtimes use one or two.
const maxConnections = 16

// acceptPause is how long a gate waits after it could not take a connection.
const acceptPause = 50 * time.Millisecond

// A gate decides which connections reach the Runtime API of an environment: those of its own processes, a bounded number of them.
// The path of an event has no secret in it, and the port can be found. What is not let in is closed before a byte of it is read; who
// owns it is asked of one at a time, so that whoever knocks without end takes no more than that from the others.
type gate struct {
	net.Listener
	owns func(net.Conn) bool
	open atomic.Int32
}

func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil, err
		case err != nil: // what the kernel has too little of comes back
			time.Sleep(acceptPause)
			continue
		}
		if g.open.Load() < maxConnections && g.owns(c) {
			g.open.Add(1)
			return c, nil
		}
		c.Close()
	}
}

// leave is told of the states of the connections that were let in.
func (g *gate) leave(_ net.Conn, s http.ConnState) {
	if s == http.StateClosed || s == http.StateHijacked {
		g.open.Add(-1)
	}
}
