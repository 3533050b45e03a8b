package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// long is a deadline that no test waits for.
const long = time.Hour

// connected returns both ends of a connection, which end with the test: one as the server has it, whose timers are counted, and the
// client's.
func connected(t *testing.T) (ours *conn, moved *atomic.Int64, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if theirs, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = theirs.Close() })
	accepted, err := listener{l}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	ours, moved = accepted.(*conn), new(atomic.Int64)
	t.Cleanup(func() { _ = ours.Close() })
	for _, d := range []*deadline{&ours.reads, &ours.writes} {
		move := d.move
		d.move = func(at time.Time) error {
			moved.Add(1)
			return move(at)
		}
	}
	return ours, moved, theirs
}

func write(t *testing.T, to io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(to, text); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, from io.Reader, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(from, got); err != nil || string(got) != want {
		t.Errorf("read %q, %v; want %q", got, err, want)
	}
}

// TestRequestsMoveNoTimers counts what a connection costs that is used as net/http uses it.
func TestRequestsMoveNoTimers(t *testing.T) {
	t.Parallel()
	ours, moved, theirs := connected(t)
	for i := range 100 {
		write(t, theirs, "question")
		for _, at := range []time.Time{{}, time.Now().Add(time.Minute), time.Now().Add(2 * time.Minute)} {
			if err := ours.SetReadDeadline(at); err != nil {
				t.Fatal(err)
			}
		}
		read(t, ours, "question")
		if err := ours.SetWriteDeadline(time.Now().Add(time.Duration(i) + long)); err != nil {
			t.Fatal(err)
		}
		write(t, ours, "answer")
		read(t, theirs, "answer")
	}
	if n := moved.Load(); n != 2 {
		t.Errorf("%d timers were moved, want one for each direction", n)
	}
}

// TestReadEndsAtItsDeadline wherever the timer stands before.
func TestReadEndsAtItsDeadline(t *testing.T) {
	t.Parallel()
	const short, soon = 20 * time.Millisecond, 60 * time.Millisecond
	for _, tt := range []struct {
		name   string
		before time.Duration // where the timer stands; 0: nowhere
	}{{"nowhere", 0}, {"earlier", short}, {"later", long}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ours, _, theirs := connected(t)
			if tt.before > 0 {
				if err := ours.SetDeadline(time.Now().Add(tt.before)); err != nil {
					t.Fatal(err)
				}
				write(t, theirs, "x")
				_, _ = ours.Read(make([]byte, 1)) // which may be too late already: what counts is the timer
			}
			start := time.Now()
			if err := ours.SetReadDeadline(start.Add(soon)); err != nil {
				t.Fatal(err)
			}
			var err error
			for err == nil { // the x may still be there
				_, err = ours.Read(make([]byte, 1))
			}
			var timeout net.Error
			if !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(start) < soon {
				t.Errorf("%v after %s, want a timeout after %s", err, time.Since(start), soon)
			}
		})
	}
}

// TestDeadlineDuringARead ends it, and one that has passed ends the next at once, whatever there is to read. Without one it goes on.
func TestDeadlineDuringARead(t *testing.T) {
	t.Parallel()
	ours, _, theirs := connected(t)
	past := time.Unix(1, 0)
	ended := make(chan error)
	go func() {
		_, err := ours.Read(make([]byte, 1))
		ended <- err
	}()
	if err := ours.SetReadDeadline(past); err != nil { // before the read or during it
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the read that was under way: %v", err)
	}
	write(t, theirs, "x")
	if n, err := ours.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a read when it is over: %d, %v", n, err)
	}
	if err := ours.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	read(t, ours, "x")
}

// TestTimerGoesOffDuringAWrite: nothing of what is written is lost or sent twice when a timer goes off that stands too early.
func TestTimerGoesOffDuringAWrite(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("what is written in pieces ", 1<<20) // more than sockets hold
	for name, send := range map[string]func(c *conn) (int64, error){
		"write":     func(c *conn) (int64, error) { n, err := c.Write([]byte(text)); return int64(n), err },
		"read from": func(c *conn) (int64, error) { return c.ReadFrom(strings.NewReader(text)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ours, _, theirs := connected(t)
			early := time.Now().Add(20 * time.Millisecond)
			if err := errors.Join(ours.writes.move(early), ours.SetWriteDeadline(time.Now().Add(long))); err != nil {
				t.Fatal(err)
			}
			ours.writes.timer = early
			move, moved := ours.writes.move, make(chan struct{})
			ours.writes.move = func(at time.Time) error {
				defer close(moved)
				return move(at)
			}
			got := make(chan []byte)
			go func() {
				<-moved // nobody reads before the timer has gone off
				text, _ := io.ReadAll(theirs)
				got <- text
			}()
			n, err := send(ours)
			if err := errors.Join(err, ours.CloseWrite()); err != nil || n != int64(len(text)) {
				t.Errorf("%d bytes, %v; want %d", n, err, len(text))
			}
			if !bytes.Equal(<-got, []byte(text)) {
				t.Error("what arrived is not what was sent")
			}
		})
	}
}

// serve serves with such connections until the test ends.
func serve(t *testing.T, s *http.Server) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error)
	go func() { served <- s.Serve(listener{l}) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// TestClientThatStopsIsNotWaitedFor, wherever it stops.
func TestClientThatStopsIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	const limit = 50 * time.Millisecond
	for name, tt := range map[string]struct {
		server *http.Server
		sent   string
	}{
		"before a request": {&http.Server{IdleTimeout: limit, ReadHeaderTimeout: limit}, ""},
		"in the head":      {&http.Server{ReadHeaderTimeout: limit, ReadTimeout: long}, "GET / HTTP/1.1\r\nHost"},
		"in the body":      {&http.Server{ReadTimeout: limit}, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nonly"},
		"after a request":  {&http.Server{IdleTimeout: limit, ReadHeaderTimeout: long}, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.server.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
			c, err := net.Dial("tcp", serve(t, tt.server))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			write(t, c, tt.sent)
			if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the server still waits")
			}
		})
	}
}

// TestServesOnSuchConnections holds that net/http finds what it looks for: who goes is noticed, who asks again is answered.
func TestServesOnSuchConnections(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/wait", func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(gone)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	addr := serve(t, &http.Server{Handler: mux, ReadHeaderTimeout: long, ReadTimeout: long, WriteTimeout: long, IdleTimeout: long})
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for range 3 {
		answer, err := client.Post("http://"+addr+"/echo", "text/plain", strings.NewReader("again"))
		if err != nil {
			t.Fatal(err)
		}
		read(t, answer.Body, "again")
		_ = answer.Body.Close()
	}
	goes, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	write(t, goes, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
	_ = goes.Close()
	<-gone
}
