package metadata

import (
	"errors"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Limits of a listener: what asks is a program on the same machine.
const (
	requestTimeout = 10 * time.Second
	maxHeader      = 16 << 10
)

// A Listener serves one handler at a time on a loopback port of its own.
type Listener struct {
	port    int
	handler atomic.Pointer[http.Handler]
	server  *http.Server
	ended   chan struct{}
}

// Listen opens a port: the preferred one if it is free, else any. 0 prefers none.
func Listen(preferred int, h http.Handler, errorLog *log.Logger) (*Listener, error) {
	on, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(preferred)))
	if err != nil && preferred != 0 {
		on, err = net.Listen("tcp4", "127.0.0.1:0")
	}
	if err != nil {
		return nil, err
	}
	address, ok := on.Addr().(*net.TCPAddr)
	if !ok {
		return nil, errors.Join(errors.New("a listener without a port"), on.Close())
	}
	l := &Listener{port: address.Port, ended: make(chan struct{})}
	l.Answer(h)
	l.server = &http.Server{
		Handler:     http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*l.handler.Load()).ServeHTTP(w, r) }),
		ReadTimeout: requestTimeout, WriteTimeout: requestTimeout, MaxHeaderBytes: maxHeader, ErrorLog: errorLog,
	}
	l.server.SetKeepAlivesEnabled(false) // as the service closes every connection
	go func() {
		defer close(l.ended)
		_ = l.server.Serve(patient{on}) // ends when it is closed, and by nothing else
	}()
	return l, nil
}

// A patient listener goes on when the kernel has too little of something for a connection: net/http tries again after a pause.
type patient struct{ net.Listener }

// Accept implements net.Listener.
func (p patient) Accept() (net.Conn, error) {
	c, err := p.Listener.Accept()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		err = passing{err}
	}
	return c, err
}

type passing struct{ error }

func (passing) Timeout() bool   { return false }
func (passing) Temporary() bool { return true }

// Port is the port on 127.0.0.1.
func (l *Listener) Port() int { return l.port }

// Answer has h answer the requests that come from now on.
func (l *Listener) Answer(h http.Handler) { l.handler.Store(&h) }

// Close closes the port and every connection to it, at once. When it returns nobody reaches the handler any more.
func (l *Listener) Close() error {
	err := l.server.Close()
	<-l.ended
	return err
}
