package function

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
	"unicode/utf8"
)

// Bounds of what is kept of output that nobody has taken yet.
const (
	maxLine        = 256 << 10 // what CloudWatch Logs takes as one event
	maxFrame       = 1 << 20   // what the bootstraps write as one text; maxLine of it is kept
	maxWaiting     = 4 << 20
	maxWaitingRows = 10_000
	tailSize       = 4 << 10
	perLine        = 26 // what CloudWatch Logs counts for an event besides its text
)

// A journal is what an environment has written, on its way to Output, and the end of it for the log tail.
type journal struct {
	output Output
	now    func() time.Time

	mu      sync.Mutex
	since   time.Time // when the invocation began
	waiting []Line
	size    int
	dropped int
	tail    []byte
	closed  bool
	wake    chan struct{} // holds one token when there is something to do
}

func newJournal(o Output, now func() time.Time) *journal {
	return &journal{output: o, now: now, since: now(), wake: make(chan struct{}, 1)}
}

// add takes what belongs to the invocation.
func (j *journal) add(at time.Time, text string) { j.put(at, text, true) }

// note takes what the tail does not show.
func (j *journal) note(text string) { j.put(j.now(), text, false) }

func (j *journal) put(at time.Time, text string, tail bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if tail {
		j.tail = append(j.tail, text...)
		if n := len(j.tail); n > 0 && j.tail[n-1] != '\n' {
			j.tail = append(j.tail, '\n')
		}
		if n := len(j.tail); n > 8*tailSize {
			j.tail = append(j.tail[:0], j.tail[n-tailSize:]...)
		}
	}
	if j.output == nil || j.closed {
		return
	}
	if j.size+len(text) > maxWaiting || len(j.waiting) >= maxWaitingRows {
		j.dropped++
		return
	}
	j.waiting = append(j.waiting, Line{Time: at, Text: text})
	j.size += len(text) + perLine
	j.signal()
}

func (j *journal) signal() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// begin empties the tail: a new invocation.
func (j *journal) begin() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tail = j.tail[:0]
	j.since = j.now()
}

// within moves a time that the code tells into the time that the invocation has had.
func (j *journal) within(at time.Time) time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.now()
	switch {
	case at.Before(j.since):
		return j.since
	case at.After(now):
		return now
	}
	return at
}

// end returns the tail, whole characters only.
func (j *journal) end() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	t := j.tail[max(0, len(j.tail)-tailSize):]
	for i := 0; i < len(t) && i < utf8.UTFMax; i++ {
		if utf8.RuneStart(t[i]) {
			t = t[i:]
			break
		}
	}
	return append([]byte(nil), t...)
}

// close lets deliver end when everything is delivered.
func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	j.signal()
}

// deliver hands the lines to Output until close.
func (j *journal) deliver(ctx context.Context, s Spec, stream string) {
	for range j.wake {
		j.mu.Lock()
		lines, closed := j.waiting, j.closed
		if j.dropped > 0 {
			lines = append(lines, Line{j.now(), fmt.Sprintf("[ambit] %d lines of output were dropped: they came faster than they could be stored.\n", j.dropped)})
		}
		j.waiting, j.size, j.dropped = nil, 0, 0
		j.mu.Unlock()
		if len(lines) > 0 && j.output != nil {
			j.output.Write(ctx, s, stream, lines)
		}
		if closed {
			return
		}
	}
}

// A spout reads one pipe that an environment writes to.
type spout struct {
	file *os.File
	mu   sync.Mutex // held while bytes are read and parsed, so that drain knows when all are
	take func([]byte)
	over bool
	done chan struct{}
}

// pump reads until the end of the pipe.
func (s *spout) pump() {
	defer close(s.done)
	raw, err := s.file.SyscallConn()
	if err != nil {
		return
	}
	buf := make([]byte, 64<<10)
	for over := false; !over; {
		err := raw.Read(func(fd uintptr) bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			some := s.readSome(fd, buf)
			over = s.over
			return some
		})
		if err != nil {
			return
		}
	}
}

// readSome takes what is there; false if nothing is.
func (s *spout) readSome(fd uintptr, buf []byte) bool {
	n, again, err := readNow(fd, buf)
	switch {
	case again:
		return false
	case err != nil || n <= 0:
		s.over = true
		return true
	}
	s.take(buf[:n])
	return true
}

// drain takes what was in the pipe when it was called.
func (s *spout) drain() {
	raw, err := s.file.SyscallConn()
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	buf := make([]byte, 16<<10)
	_ = raw.Control(func(fd uintptr) {
		for range (1 << 20) / len(buf) { // a pipe holds 64 KB, or 1 MB if its writer asked for it
			if s.over || !s.readSome(fd, buf) {
				return
			}
		}
	})
}

func (s *spout) close() { s.file.Close(); <-s.done }

// lines splits what a process prints.
type lines struct {
	j    *journal
	held []byte
}

func (l *lines) take(p []byte) {
	for len(p) > 0 {
		n := bytes.IndexByte(p, '\n') + 1
		whole := n > 0
		if !whole {
			n = len(p)
		}
		l.held = append(l.held, p[:n]...)
		p = p[n:]
		if whole || len(l.held) >= maxLine {
			l.flush()
		}
	}
}

// flush gives away a line that has no end yet.
func (l *lines) flush() {
	for piece := range slices.Chunk(l.held, maxLine) {
		l.j.add(l.j.now(), string(piece))
	}
	l.held = l.held[:0]
}

// frames reads Lambda's framed log: type (4 bytes, the first two A5 5A), length (4), microseconds since 1970 (8), text; the high
// byte first. What is not framed so is taken as text, and so is a length that no bootstrap writes: it would swallow what follows.
type frames struct {
	j    *journal
	held []byte
	skip int // bytes of a text that is too long
}

const frameHeader = 16

func (f *frames) take(p []byte) {
	if n := min(f.skip, len(p)); n > 0 {
		f.skip -= n
		p = p[n:]
	}
	f.held = append(f.held, p...)
	for len(f.held) >= frameHeader {
		length := binary.BigEndian.Uint32(f.held[4:])
		if f.held[0] != 0xa5 || f.held[1] != 0x5a || length > maxFrame {
			f.flush()
			return
		}
		kept := min(int(length), maxLine)
		if len(f.held) < frameHeader+kept {
			return
		}
		at := time.UnixMicro(int64(binary.BigEndian.Uint64(f.held[8:])))
		f.j.add(f.j.within(at.UTC()), string(f.held[frameHeader:frameHeader+kept]))
		rest := f.held[frameHeader+kept:]
		over := min(int(length)-kept, len(rest))
		f.skip = int(length) - kept - over
		f.held = append(f.held[:0], rest[over:]...)
	}
}

// flush gives away as text what is no frame, or not a whole one.
func (f *frames) flush() {
	if len(f.held) > 0 {
		f.j.add(f.j.now(), string(f.held[:min(len(f.held), maxLine)]))
	}
	f.held = f.held[:0]
}
