package audit

import (
	"encoding/json"
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
	maxWaiting    = 64 << 10        // records that may wait for the disk
	minSize       = int64(64 << 10) // a smaller log would hold next to nothing
)

// Segments is a Log on disk: files of JSON lines in one directory, numbered in order, of which the oldest are removed when
// together they would exceed a size.
type Segments struct {
	dir     string
	maxSize int64
	logger  *slog.Logger

	mu      sync.Mutex
	waiting []*Record
	dropped atomic.Uint64

	stop chan struct{}
	done chan struct{}
	err  error // of the last writing; read after done

	file   *os.File // the segment that is written; owned by the writer
	number uint64
	size   int64
	torn   bool // the disk may have taken half of the last line
}

// OpenSegments opens the log in dir, which is made if it is missing, and starts a new segment. maxSize bounds the size of all
// segments together, in bytes. Trouble with the disk is told to logger once per flush and counted; it stops nobody.
func OpenSegments(dir string, maxSize int64, logger *slog.Logger) (*Segments, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	s := &Segments{dir: dir, maxSize: max(maxSize, minSize), logger: logger, stop: make(chan struct{}), done: make(chan struct{})}
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= maxWaiting {
		s.dropped.Add(1)
		return
	}
	s.waiting = append(s.waiting, r)
}

// Dropped implements Log.
func (s *Segments) Dropped() uint64 { return s.dropped.Load() }

// Close implements Log.
func (s *Segments) Close() error {
	close(s.stop)
	<-s.done
	return s.err
}

// write flushes what waits, every second and at the end.
func (s *Segments) write() {
	defer close(s.done)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := s.flush(); err != nil {
				s.logger.Error("audit log", "error", err)
			}
		case <-s.stop:
			s.err = s.flush()
			if s.file != nil {
				s.err = errors.Join(s.err, s.file.Close())
			}
			return
		}
	}
}

// flush writes what waits and syncs it. What the disk refuses is dropped and counted: keeping it would only fill memory.
func (s *Segments) flush() error {
	s.mu.Lock()
	records := s.waiting
	s.waiting = nil
	s.mu.Unlock()
	for i, r := range records {
		if err := s.writeOne(r); err != nil {
			s.dropped.Add(uint64(len(records) - i))
			return err
		}
	}
	if len(records) == 0 {
		return nil
	}
	return s.file.Sync()
}

func (s *Segments) writeOne(r *Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if line = append(line, '\n'); s.torn {
		line = append([]byte{'\n'}, line...) // half a line must not spoil the next one
	}
	if s.file == nil || s.size > 0 && s.size+int64(len(line)) > s.maxSize/segmentCount {
		if err := s.rotate(); err != nil {
			return err
		}
	}
	n, err := s.file.Write(line)
	s.size += int64(n)
	s.torn = err != nil
	return err
}

// rotate begins the next segment and makes room for it.
func (s *Segments) rotate() error {
	if s.file != nil {
		if err := s.file.Close(); err != nil {
			return err
		}
		s.file = nil
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
