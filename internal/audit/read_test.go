package audit_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/ambit-iam/ambit/internal/audit"
)

func ids(t *testing.T, l audit.Log, limit int) string {
	t.Helper()
	records, err := l.Latest(limit)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, text := range records {
		var r struct{ EventID string }
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		out += r.EventID + " "
	}
	return out
}

// Both logs tell the newest records, the oldest of them first.
func TestLatest(t *testing.T) {
	t.Parallel()
	segments, err := audit.OpenSegments(t.TempDir(), 1<<20, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]audit.Log{"ring": audit.NewRing(4), "segments": segments} {
		if got := ids(t, l, 10); got != "" {
			t.Errorf("%s: an empty log tells %q", name, got)
		}
		for i := range 4 {
			l.Append(&audit.Record{EventID: fmt.Sprint(i)})
		}
		for limit, want := range map[int]string{-1: "", 0: "", 1: "3 ", 3: "1 2 3 ", 4: "0 1 2 3 ", 9: "0 1 2 3 "} {
			if got := ids(t, l, limit); got != want {
				t.Errorf("%s: the latest %d are %q, want %q", name, limit, got, want)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A request is found however many were written down after it, in files and in what waits for them, and told from one that quotes its id.
func TestOfRequest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for round := range 2 {
		l, err := audit.OpenSegments(dir, 64<<20, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 12_000 {
			l.Append(&audit.Record{RequestID: fmt.Sprintf("%d-%d", round, i), EventID: fmt.Sprintf("e%d-%d", round, i), UserAgent: `"requestID":"0-5"`})
		}
		for id, want := range map[string]string{"0-0": "e0-0", "0-5": "e0-5", "0-11999": "e0-11999", fmt.Sprint(round, "-7"): fmt.Sprint("e", round, "-7"), "9-9": "", "0-": ""} {
			if got := eventOf(t, l, id); got != want {
				t.Errorf("%d: %s: %q, want %q", round, id, got, want)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ring := audit.NewRing(2)
	for i := range 3 {
		ring.Append(&audit.Record{RequestID: fmt.Sprint(i), EventID: fmt.Sprint("e", i)})
	}
	for id, want := range map[string]string{"0": "", "1": "e1", "2": "e2"} {
		if got := eventOf(t, ring, id); got != want {
			t.Errorf("ring: %s: %q, want %q", id, got, want)
		}
	}
}

// eventOf is the event of a request, empty if none was written down.
func eventOf(t *testing.T, l audit.Log, id string) string {
	t.Helper()
	records, err := l.OfRequest(id)
	if err != nil || len(records) > 1 {
		t.Fatalf("%s: %d records, %v", id, len(records), err)
	}
	if len(records) == 0 {
		return ""
	}
	var r struct{ EventID, RequestID string }
	if err := json.Unmarshal(records[0], &r); err != nil || r.RequestID != id {
		t.Fatalf("%s: %s: %v", id, records[0], err)
	}
	return r.EventID
}

// After a restart the log tells what stands in its files, and passes over a line that was cut off.
func TestLatestOfFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, id := range []string{"a", "b"} {
		l, err := audit.OpenSegments(dir, 1<<20, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		l.Append(&audit.Record{EventID: id})
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v %v", files, err)
	}
	f, err := os.OpenFile(files[1], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"eventID":"cut o`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := audit.OpenSegments(dir, 1<<20, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l.Append(&audit.Record{EventID: "c"})
	for limit, want := range map[int]string{1: "c ", 2: "b c ", 5: "a b c "} {
		if got := ids(t, l, limit); got != want {
			t.Errorf("the latest %d are %q, want %q", limit, got, want)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}
