package server

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A listener takes connections whose deadlines cost little.
//
// net/http moves the deadlines of a connection nine times for each request, and each time a timer of the runtime with it, although
// almost no read or write waits for anything. A conn keeps in mind what it was told, and moves the timer only when it stands too late
// for what is read or written next. One that stands too early is left there: if it goes off, it is moved to where it should be, and
// who waits goes on waiting.
type listener struct{ net.Listener }

// Accept implements net.Listener. What the kernel has too little of for a connection is no reason to serve no others: as long as the
// listener is open, its errors have net/http try again after a pause.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	switch {
	case errors.Is(err, net.ErrClosed):
		return nil, err
	case err != nil:
		return nil, passing{err}
	}
	return newConn(c), nil
}

// A passing error is a net.Error that net/http waits out.
type passing struct{ error }

func (passing) Timeout() bool   { return false }
func (passing) Temporary() bool { return true }
func (p passing) Unwrap() error { return p.error }

// A conn is a connection whose timers are moved only where something may wait for them. It is as safe for concurrent use as the
// connection itself.
type conn struct {
	net.Conn
	reads, writes deadline
}

// What net/http asks of a connection besides net.Conn.
var (
	_ io.ReaderFrom = (*conn)(nil)
	_ closeWriter   = (*conn)(nil)
)

type closeWriter interface{ CloseWrite() error }

func newConn(c net.Conn) *conn {
	made := &conn{Conn: c}
	made.reads.move, made.writes.move = c.SetReadDeadline, c.SetWriteDeadline
	return made
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (n int, err error) {
	if err := c.reads.begin(false); err != nil {
		return 0, err
	}
	defer c.reads.end()
	for {
		if n, err = c.Conn.Read(p); n > 0 || !c.reads.goesOn(err) {
			return n, err
		}
	}
}

// Write implements net.Conn.
func (c *conn) Write(p []byte) (n int, err error) {
	if err := c.writes.begin(false); err != nil {
		return 0, err
	}
	defer c.writes.end()
	for {
		more, err := c.Conn.Write(p[n:])
		if n += more; !c.writes.goesOn(err) {
			return n, err
		}
	}
}

// ReadFrom implements io.ReaderFrom: files go from the disk to the network without coming by here.
func (c *conn) ReadFrom(r io.Reader) (int64, error) {
	if err := c.writes.begin(true); err != nil { // what was read and not written could not be had again: no timer may go off early
		return 0, err
	}
	defer c.writes.end()
	return io.Copy(c.Conn, r)
}

// CloseWrite ends what is sent, as that of net.TCPConn.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(closeWriter); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// SetDeadline implements net.Conn.
func (c *conn) SetDeadline(t time.Time) error { return errors.Join(c.reads.set(t), c.writes.set(t)) }

// SetReadDeadline implements net.Conn.
func (c *conn) SetReadDeadline(t time.Time) error { return c.reads.set(t) }

// SetWriteDeadline implements net.Conn.
func (c *conn) SetWriteDeadline(t time.Time) error { return c.writes.set(t) }

// A deadline is that of one direction.
type deadline struct {
	move func(time.Time) error // the timer

	mu     sync.Mutex
	meant  time.Time // as it was told last; zero: none
	timer  time.Time // where the timer stands; zero: nowhere
	active int       // reads or writes under way
}

// set tells the deadline. What is under way is told at once.
func (d *deadline) set(t time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.meant = t
	if d.active == 0 {
		return nil
	}
	return d.moveTimer()
}

// begin makes sure that a read or write, which end ends, does not last beyond the deadline. exactly says that it must not be disturbed
// before it either.
func (d *deadline) begin(exactly bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	late := !d.meant.IsZero() && (d.timer.IsZero() || d.timer.After(d.meant))
	if late && !d.meant.After(time.Now()) {
		return os.ErrDeadlineExceeded
	}
	if late || exactly && !d.timer.Equal(d.meant) {
		if err := d.moveTimer(); err != nil {
			return err
		}
	}
	d.active++
	return nil
}

func (d *deadline) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.active--
}

// goesOn tells whether err is only the timer that went off before the deadline. It is moved then.
func (d *deadline) goesOn(err error) bool {
	if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.meant.IsZero() && !d.meant.After(time.Now()) {
		return false
	}
	return d.moveTimer() == nil
}

func (d *deadline) moveTimer() error {
	if err := d.move(d.meant); err != nil {
		return err
	}
	d.timer = d.meant
	return nil
}
