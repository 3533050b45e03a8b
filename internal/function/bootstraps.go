package function

import (
	"embed"
	"errors"
	"os"
	"path/filepath"
)

// What runs a handler in a runtime that Lambda brings.
//
//go:embed bootstrap
var bootstraps embed.FS

// caFile is the name of the authority's certificate beside the bootstraps.
const caFile = "ca.pem"

// writeBootstraps puts the bootstraps, and the certificate of the server's authority if it has one, where functions read them.
func writeBootstraps(dir, ca string) error {
	if err := makeDirectory(dir); err != nil {
		return err
	}
	entries, err := bootstraps.ReadDir("bootstrap")
	if err != nil {
		return err
	}
	for _, e := range entries {
		text, err := bootstraps.ReadFile("bootstrap/" + e.Name())
		if err == nil {
			err = writeReadable(filepath.Join(dir, e.Name()), text)
		}
		if err != nil {
			return err
		}
	}
	if ca == "" {
		return nil
	}
	text, err := os.ReadFile(ca)
	if err != nil {
		return err
	}
	return writeReadable(filepath.Join(dir, caFile), text)
}

func writeReadable(name string, text []byte) error {
	return errors.Join(os.WriteFile(name, text, 0o644), os.Chmod(name, 0o644))
}
