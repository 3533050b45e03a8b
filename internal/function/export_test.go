package function

import (
	"context"
	"time"
)

// discard makes a journal keep its lines; nobody takes them.
type discard struct{}

func (discard) Write(context.Context, Spec, string, []Line) {}

// Framed parses what a process writes to its log descriptor, in pieces, and returns the texts.
func Framed(pieces ...[]byte) []string {
	return collect(func(j *journal) func([]byte) { return (&frames{j: j}).take }, pieces)
}

// FramedSince is Framed for an invocation that began at one time and has come to another; it returns the lines.
func FramedSince(began, now time.Time, pieces ...[]byte) []Line {
	j := newJournal(discard{}, func() time.Time { return now })
	j.since = began
	f := &frames{j: j}
	for _, p := range pieces {
		f.take(p)
	}
	f.flush()
	return j.waiting
}

// Printed parses what a process prints, in pieces, and returns the lines.
func Printed(pieces ...[]byte) []string {
	return collect(func(j *journal) func([]byte) { return (&lines{j: j}).take }, pieces)
}

func collect(parser func(*journal) func([]byte), pieces [][]byte) (texts []string) {
	j := newJournal(discard{}, time.Now)
	take := parser(j)
	for _, p := range pieces {
		take(p)
	}
	for _, l := range j.waiting {
		texts = append(texts, l.Text)
	}
	return texts
}

// Stage copies a tree as layers are laid over each other.
func Stage(from, to string) error { return stage(from, to, linkFile) }

// RemoveTree removes what an environment leaves.
func RemoveTree(dir string) error { return removeTree(dir) }
