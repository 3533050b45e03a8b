// Command ambit decides nothing itself: it reads flags and files, asks the
// rooms behind it, and prints what they answer. Each subcommand has its own
// file.
//
// Exit codes are part of the contract: 0 done, 1 refuted (a difference, an
// invalid document), 2 a wrong flag or unusable input, which is told in one
// line on standard error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	endProfile := startProfile()
	code := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	endProfile()
	os.Exit(code)
}

// run is the whole command as a function: what it reads and writes comes in,
// the exit code goes out.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintln(stderr, "ambit: "+oneLine(err.Error()))
	return 2
}

// An exitCode ends the command with that code after it has printed all there
// is to say. Every other error is a usage or input error: one line on standard
// error and exit code 2.
type exitCode int

const (
	refuted  exitCode = 1 // the answer is "no"
	unusable exitCode = 2 // told on standard error already
)

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }
