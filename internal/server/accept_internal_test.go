package server

import (
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
)

// TestAcceptGoesOn: a kernel that has no room for a connection does not end the server.
func TestAcceptGoesOn(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.NotFoundHandler()}
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener{&short{Listener: l}}) }()
	answer, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// A short listener fails at first as one does whose user has no watches left.
type short struct {
	net.Listener
	tries atomic.Int32
}

func (s *short) Accept() (net.Conn, error) {
	if s.tries.Add(1) <= 2 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.ENOSPC}
	}
	return s.Listener.Accept()
}
