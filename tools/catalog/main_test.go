package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	archive     = "iam-data-0.21.202609261.tgz"
	corrections = "corrections.txt"
	committed   = "../../catalog/services.txt"
)

// The committed table is what the committed archive gives, byte for byte, each time.
func TestReproducible(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // map order differs between runs of one process too
		out := filepath.Join(t.TempDir(), "services.txt")
		if err := run(archive, corrections, out); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("the generator gives %d bytes that differ from the %d of %s: run go generate ./catalog", len(got), len(want), committed)
		}
	}
}

func TestGenerateNamesTheArchive(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../catalog/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), "//go:generate") || !strings.Contains(string(doc), "/"+archive+" ") {
		t.Errorf("catalog's go:generate line does not name %s", archive)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	packed, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	file := func(content []byte) string {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	tests := []struct{ name, archive, corrections, says string }{
		{"no archive named", "", corrections, "needed"},
		{"no such archive", "none.tgz", corrections, "no such file"},
		{"not an archive", file([]byte("x")), corrections, "EOF"},
		{"half an archive", file(packed[:len(packed)/2]), corrections, "EOF"},
		{"no such corrections", archive, "none.txt", "no such file"},
		{"correction without a source", archive, file([]byte("aws:SourceVpcArn ARN")), "line 1"},
		{"correction that corrects nothing", archive, file([]byte("\naws:SourceIp IPAddress # page")), "line 2"},
		{"correction of an unknown key", archive, file([]byte("aws:NoSuchKey ARN # page")), "NoSuchKey"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			err := run(tt.archive, tt.corrections, out)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("run: %v; want an error that says %q", err, tt.says)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("a table was written all the same")
			}
		})
	}
}
