package audit

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	segmentSuffix = ".jsonl"
	segmentCount  = 8               // a log of full size is this many segments
	flushEvery    = time.Second     // what a crash may lose
	pieceSize     = 256 << 10       // of waiting text that is written without waiting for the second
	maxWaiting    = 64 << 20        // bytes that may wait for the disk
	minSize       = int64(64 << 10) // a smaller log would hold next to nothing
)

// Segments is a Log on disk: files of JSON lines in one directory, numbered in order, of which the oldest are removed when
// together they would exceed a size.
//
// A record is spelled when it comes: text that waits is nothing that the garbage collector looks into, and it is smaller.
type Segments struct {
	dir     string
	maxSize int64
	logger  *slog.Logger
	lines   sync.Pool // memory in which records are spelled: *[]byte

	mu      sync.Mutex
	waiting []byte // whole lines
	writing []byte // what the writer has taken; not changed until it is written
	spare   []byte // memory for waiting
	dropped atomic.Uint64

	full chan struct{} // holds a token when a piece waits
	stop chan struct{}
	done chan struct{}
	err  error // of the last writing; read after done

	file   *os.File // the segment that is written; owned by the writer
	number uint64
	size   int64
	torn   bool // the disk may have taken half of the last line
	dirty  bool // written since the last sync
}

// OpenSegments opens the log in dir, which is made if it is missing, and starts a new segment. maxSize bounds the size of all
// segments together, in bytes. Trouble with the disk is told to logger once per flush and counted; it stops nobody.
func OpenSegments(dir string, maxSize int64, logger *slog.Logger) (*Segments, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	s := &Segments{dir: dir, maxSize: max(maxSize, minSize), logger: logger,
		full: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	numbers, err := s.list()
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	if n := len(numbers); n > 0 {
		s.number = numbers[n-1].number
	}
	go s.write()
	return s, nil
}

// Append implements Log.
func (s *Segments) Append(r *Record) {
	line, ok := s.lines.Get().(*[]byte)
	if !ok {
		line = new([]byte)
	}
	defer s.lines.Put(line)
	text, err := r.AppendJSON((*line)[:0])
	if err == nil && len(text) > maxEntry {
		text, err = r.shortened(maxEntry).AppendJSON(text[:0])
	}
	if err != nil { // a record is made of what can be spelled
		s.logger.Error("audit log", "error", err)
		s.dropped.Add(1)
		return
	}
	text = append(text, '\n')
	if cap(text) <= pieceSize {
		*line = text
	}
	if s.take(text) {
		select {
		case s.full <- struct{}{}:
		default: // the writer knows
		}
	}
}

// take keeps a line for the writer, and reports whether a piece waits.
func (s *Segments) take(line []byte) (full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting)+len(line) > maxWaiting {
		s.dropped.Add(1)
		return false
	}
	s.waiting = append(s.waiting, line...)
	return len(s.waiting) >= pieceSize
}

// Dropped implements Log.
func (s *Segments) Dropped() uint64 { return s.dropped.Load() }

// Close implements Log.
func (s *Segments) Close() error {
	close(s.stop)
	<-s.done
	return s.err
}

// write writes what waits: piece by piece, and every second and at the end all of it, which is then synced.
func (s *Segments) write() {
	defer close(s.done)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-s.full:
			err = s.flush()
		case <-tick.C:
			err = s.sync()
		case <-s.stop:
			s.err = s.sync()
			if s.file != nil {
				s.err = errors.Join(s.err, s.file.Close())
			}
			return
		}
		if err != nil {
			s.logger.Error("audit log", "error", err)
		}
	}
}

func (s *Segments) sync() error {
	if err := s.flush(); err != nil || !s.dirty {
		return err
	}
	s.dirty = false
	return s.file.Sync()
}

// flush writes what waits. What the disk refuses is dropped and counted: keeping it would only fill memory.
func (s *Segments) flush() error {
	s.mu.Lock()
	s.writing, s.waiting, s.spare = s.waiting, s.spare, nil
	s.mu.Unlock()
	rest, err := s.writeLines(s.writing)
	s.dropped.Add(uint64(bytes.Count(rest, newline)))
	s.mu.Lock()
	defer s.mu.Unlock()
	if cap(s.writing) <= 4*pieceSize {
		s.spare = s.writing[:0]
	}
	s.writing = nil
	return err
}

var newline = []byte{'\n'}

// writeLines writes whole lines into as many segments as they need, and returns those that it could not write.
func (s *Segments) writeLines(text []byte) (rest []byte, err error) {
	for len(text) > 0 {
		n := fitting(text, s.maxSize/segmentCount-s.size)
		if s.file == nil || n == 0 && s.size > 0 {
			if err := s.rotate(); err != nil {
				return text, err
			}
			continue
		}
		if n == 0 { // a line that no segment is large enough for has one for itself
			n = bytes.IndexByte(text, '\n') + 1
		}
		if err := s.mend(); err != nil {
			return text, err
		}
		written, err := s.file.Write(text[:n])
		s.size += int64(written)
		s.dirty, s.torn = true, err != nil
		if err != nil {
			return text[bytes.LastIndexByte(text[:written], '\n')+1:], err
		}
		text = text[n:]
	}
	return nil, nil
}

// mend ends the half of a line that the disk may have taken: it must not spoil the next one.
func (s *Segments) mend() error {
	if !s.torn {
		return nil
	}
	n, err := s.file.Write(newline)
	s.size += int64(n)
	s.torn = err != nil
	return err
}

// fitting returns how many bytes of whole lines at the beginning of text have room.
func fitting(text []byte, room int64) int {
	if int64(len(text)) <= room {
		return len(text)
	}
	return bytes.LastIndexByte(text[:max(0, room)], '\n') + 1
}

// rotate begins the next segment and makes room for it.
func (s *Segments) rotate() error {
	if s.file != nil {
		if err := errors.Join(s.file.Sync(), s.file.Close()); err != nil {
			return err
		}
		s.file, s.dirty, s.torn = nil, false, false
	}
	if err := s.makeRoom(s.maxSize - s.maxSize/segmentCount); err != nil {
		return err
	}
	name := filepath.Join(s.dir, fmt.Sprintf("%020d%s", s.number+1, segmentSuffix))
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	s.file, s.number, s.size = file, s.number+1, 0
	return nil
}

// makeRoom removes the oldest segments until the others are at most limit bytes.
func (s *Segments) makeRoom(limit int64) error {
	segments, err := s.list()
	if err != nil {
		return err
	}
	var total int64
	for _, g := range segments {
		total += g.size
	}
	for _, g := range segments {
		if total <= limit {
			return nil
		}
		if err := os.Remove(g.path); err != nil {
			return err
		}
		total -= g.size
	}
	return nil
}

type segment struct {
	path   string
	number uint64
	size   int64
}

// list returns the segments on disk, oldest first. Files of other names are nobody's business.
func (s *Segments) list() ([]segment, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	var out []segment
	for _, e := range entries {
		digits, ok := strings.CutSuffix(e.Name(), segmentSuffix)
		number, err := strconv.ParseUint(digits, 10, 64)
		if !ok || err != nil {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		out = append(out, segment{path: filepath.Join(s.dir, e.Name()), number: number, size: info.Size()})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].number < out[j].number })
	return out, nil
}
