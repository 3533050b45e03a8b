// Command coverage decides how docs/coverage.md says what Ambit answers: it
// asks the assembly for its table of operations, the one that requests are
// looked up in, and writes a page of it.
//
//	go run ./tools/coverage -out docs/coverage.md
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/ambit-iam/ambit/internal/server"
)

//go:generate go run . -out ../../docs/coverage.md

func main() {
	out := flag.String("out", "", "the file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(2)
	}
}

func run(out string) error {
	table, err := server.Table()
	if err != nil {
		return err
	}
	return os.WriteFile(out, []byte(page(table.Operations())), 0o644)
}
