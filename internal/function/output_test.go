package function_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/function"
)

func frame(text string) []byte {
	b := append([]byte{0xa5, 0x5a, 0, 3}, make([]byte, 12)...)
	binary.BigEndian.PutUint32(b[4:], uint32(len(text)))
	return append(b, text...)
}

// FuzzFrames holds that frames are the same in whatever pieces they come, and that nothing a process writes is too much.
func FuzzFrames(f *testing.F) {
	f.Add("one\ntwo\n", "", []byte("no frame, and longer than a head"), uint(3))
	f.Add(strings.Repeat("x", 300<<10), "after", []byte{0xa5, 0x5a, 0, 3, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1}, uint(70000))
	f.Fuzz(func(t *testing.T, a, b string, noise []byte, cut uint) {
		all := append(append(frame(a), frame(b)...), frame("last")...)
		n := int(cut % uint(len(all)))
		want := []string{a[:min(len(a), 256<<10)], b[:min(len(b), 256<<10)], "last"}
		for _, pieces := range [][][]byte{{all}, {all[:n], all[n:]}, {all[:n/2], all[n/2 : n], all[n:]}} {
			if diff := cmp.Diff(want, function.Framed(pieces...)); diff != "" {
				t.Fatalf("cut at %d: %s", n, diff)
			}
		}
		m := int(cut % uint(len(noise)+1))
		for _, text := range function.Framed(noise[:m], noise[m:]) {
			if len(text) > 256<<10 {
				t.Fatalf("a text of %d bytes", len(text))
			}
		}
	})
}

// TestFramesThatLie: a frame has the time of its invocation, whatever it claims, and a claimed length swallows no others.
func TestFramesThatLie(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	began := now.Add(-time.Minute)
	at := func(micros uint64) []byte {
		b := frame("text")
		binary.BigEndian.PutUint64(b[8:], micros)
		return b
	}
	between := now.Add(-time.Second)
	for _, tt := range []struct {
		micros uint64
		want   time.Time
	}{
		{0, began}, {uint64(began.Add(-time.Millisecond).UnixMicro()), began}, {uint64(between.UnixMicro()), between},
		{uint64(now.Add(time.Hour).UnixMicro()), now}, {1e18, now}, {1<<63 - 1, now}, {1 << 63, began}, {1<<64 - 1, began},
	} {
		if got := function.FramedSince(began, now, at(tt.micros)); len(got) != 1 || !got[0].Time.Equal(tt.want) || got[0].Text != "text" {
			t.Errorf("%d: %v, want %v", tt.micros, got, tt.want)
		}
	}
	huge := frame("swallows")
	binary.BigEndian.PutUint32(huge[4:], 1<<32-1)
	if got := function.FramedSince(began, now, huge, frame("after")); len(got) != 2 || got[1].Text != "after" {
		t.Errorf("after a frame of 4 GB: %v", got)
	}
	if got := function.FramedSince(began, now, frame("half")[:18]); len(got) != 1 || !strings.HasSuffix(got[0].Text, "ha") {
		t.Errorf("half a frame at the end: %v", got)
	}
}

// FuzzLines is the same for what is printed.
func FuzzLines(f *testing.F) {
	f.Add([]byte("one\n\ntwo"), uint(2))
	f.Add([]byte(strings.Repeat("x", 300<<10)+"\n"), uint(70000))
	f.Fuzz(func(t *testing.T, printed []byte, cut uint) {
		n := int(cut % uint(len(printed)+1))
		whole := function.Printed(printed)
		for _, l := range whole {
			if len(l) > 256<<10 {
				t.Fatalf("a line of %d bytes", len(l))
			}
		}
		if len(printed) < 256<<10 {
			if diff := cmp.Diff(whole, function.Printed(printed[:n], printed[n:])); diff != "" {
				t.Fatalf("cut at %d: %s", n, diff)
			}
			if end := strings.LastIndexByte(string(printed), '\n') + 1; strings.Join(whole, "") != string(printed[:end]) {
				t.Fatalf("%q became %q", printed, whole)
			}
		}
	})
}
