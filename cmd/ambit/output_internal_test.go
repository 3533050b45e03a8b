package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// The null device stands for a terminal: both are character devices.
func TestPaintOnlyOnATerminal(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	terminal, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	if got := newPaint(terminal).good("agrees"); got != "\x1b[32magrees\x1b[0m" {
		t.Errorf("on a terminal: %q", got)
	}
	if got := newPaint(file).good("agrees"); got != "agrees" {
		t.Errorf("in a file: %q", got)
	}
	if got := newPaint(&bytes.Buffer{}).bad("differs"); got != "differs" {
		t.Errorf("in a buffer: %q", got)
	}
	t.Setenv("TERM", "dumb")
	if newPaint(terminal) {
		t.Error("colour on a dumb terminal")
	}
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "1")
	if newPaint(terminal) {
		t.Error("colour in spite of NO_COLOR")
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	root := newRoot()
	if len(root.Commands()) < 6 {
		t.Fatalf("only %d commands", len(root.Commands()))
	}
	for _, c := range root.Commands() {
		if c.Short == "" || !strings.Contains(c.Example, "ambit "+c.Name()) {
			t.Errorf("%s: no description, or no example of itself", c.Name())
		}
		if c.RunE == nil || c.Run != nil {
			t.Errorf("%s: does not answer with an error", c.Name())
		}
	}
}

func TestErrorsAreOneLine(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"eval", "no\nsuch\nfile"}, strings.NewReader(""), &stdout, &stderr)
	if code != 2 || stdout.Len() > 0 || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("code %d, stdout %q, stderr %q", code, &stdout, &stderr)
	}
}

func TestBuildSaysWhatTheToolchainRecorded(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123abc"}, {Key: "vcs.time", Value: "2026-11-22T12:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	b := newBuild(info)
	if b.Revision != "0123abc" || b.Time != "2026-11-22T12:00:00Z" || !b.Modified {
		t.Errorf("newBuild = %+v", b)
	}
	if got := b.String(); !strings.HasPrefix(got, "ambit v0.1.0 (0123abc, modified) go") {
		t.Errorf("String = %q", got)
	}
	if got := newBuild(nil).Version; got != "unknown" {
		t.Errorf("version without build info = %q", got)
	}
}
