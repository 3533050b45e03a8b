package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/ambit-iam/ambit/internal/vector"
)

// readInput reads a file, or in where the name is "-", up to limit bytes. A
// longer one is cut after limit+1 bytes, so that the caller can tell.
func readInput(in io.Reader, name string, limit int64) ([]byte, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, unreadable(name, err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	return text, nil
}

// eachElement hands the elements of a JSON array to judge, one at a time; of
// says what they are. It ends with the first error of judge, or with one that
// names the file, the place and the mend.
func eachElement(in io.Reader, name, of string, judge func(text []byte, index int) error) error {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return unreadable(name, err)
		}
		defer f.Close()
		in = f
	}
	array := vector.NewArray(in, of)
	for {
		text, index, err := array.Next()
		var syntax *vector.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &syntax) && syntax.Line > 0:
			return fmt.Errorf("%s:%w", name, syntax)
		case errors.As(err, &syntax):
			return fmt.Errorf("%s: %w", name, syntax)
		case err != nil:
			return unreadable(name, err)
		}
		if err := judge(text, index); err != nil {
			return err
		}
	}
}

// element names an element of an array by its index and its id.
func element(of string, index int, id string) string {
	if id == "" {
		return fmt.Sprintf("%s %d", of, index)
	}
	return fmt.Sprintf("%s %d (%q)", of, index, shown(id))
}

// shown is as much of an id as fits a line.
func shown(id string) string {
	const limit = 256
	if len(id) > limit {
		return strings.ToValidUTF8(id[:limit], "") + "…"
	}
	return id
}

// An idSet keeps ids apart: an answer is found by its id.
type idSet map[string]int

// add refuses an id that an earlier element has; index is the element's own,
// and of says what it is.
func (s idSet) add(of string, index int, id string) error {
	if id == "" {
		return nil
	}
	if first, taken := s[id]; taken {
		return fmt.Errorf("id: %s %d has the same; ids name one case each", of, first)
	}
	s[id] = index
	return nil
}

// maxTold bounds the lines about elements that cannot be judged: a file of
// something else would have one for each.
const maxTold = 20

// refusals tells on standard error, in one line each, what cannot be judged.
type refusals struct {
	w     io.Writer
	count int
}

func (r *refusals) tell(err error) {
	r.count++
	if r.count <= maxTold {
		fmt.Fprintln(r.w, "ambit: "+oneLine(err.Error()))
	}
}

// end counts those that were not told.
func (r *refusals) end() {
	if r.count > maxTold {
		fmt.Fprintf(r.w, "ambit: %d more cannot be judged\n", r.count-maxTold)
	}
}

// unreadable names the file, the cause and the mend.
func unreadable(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	mend := "name a file that can be read"
	if name == "-" {
		name, mend = "standard input", "pipe the text in"
	}
	return fmt.Errorf("%s: cannot be read: %w; %s", name, err, mend)
}
