package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxVectors bounds one file of cases; the largest that we know has 0.2 MB.
const maxVectors = 256 << 20

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

// notArray says that a file is not the JSON array that it should be: where it
// stops being one, why, and where the schema is.
func notArray(name string, text []byte, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		name = at(name, text, int(syntax.Offset)-1) // Offset counts the offending byte
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		name = at(name, text, len(text))
		err = fmt.Errorf("%w: the text ends too early", err)
	}
	return fmt.Errorf("%s: %w; docs/vectors.md has the schema", name, err)
}

// at appends line and column, both from 1, to a file's name.
func at(name string, text []byte, offset int) string {
	before := text[:max(0, min(offset, len(text)))]
	return fmt.Sprintf("%s:%d:%d", name, bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n'))
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
