package main

import (
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
