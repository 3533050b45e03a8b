package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/google/go-cmp/cmp"
)

func testReadsAndWrites(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	wantContents(t, s, here, map[string]string{})

	update(t, s, here, func(tx store.Tx) {
		tx.Put("a", []byte("1"))
		tx.Put("empty", nil)
		tx.Put("gone", []byte("x"))
		tx.Delete("gone")
		tx.Delete("never was")
		if v, ok := tx.Get("a"); !ok || string(v) != "1" {
			t.Errorf("own write: Get(a) = %q, %t", v, ok)
		}
		if v, ok := tx.Get("gone"); ok {
			t.Errorf("own delete: Get(gone) = %q, true", v)
		}
	})
	put(t, s, there, "a", "another space's")
	wantContents(t, s, here, map[string]string{"a": "1", "empty": ""})
	view(t, s, here, func(r store.Reader) {
		if v, ok := r.Get("empty"); !ok || len(v) != 0 {
			t.Errorf("Get(empty) = %q, %t, want an empty value that is there", v, ok)
		}
		for _, key := range []string{"", "A", "a\x00", "gone"} {
			if v, ok := r.Get(key); ok {
				t.Errorf("Get(%q) = %q, true, want absent", key, v)
			}
		}
	})

	update(t, s, here, func(tx store.Tx) {
		tx.Put("a", []byte("2"))
		tx.Delete("empty")
		tx.Put("\x00\xff", []byte("any bytes"))
	})
	wantContents(t, s, here, map[string]string{"a": "2", "\x00\xff": "any bytes"})
	wantContents(t, s, there, map[string]string{"a": "another space's"})
	wantContents(t, s, here[:len(here)-1], map[string]string{})
}

func testScan(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	update(t, s, here, func(tx store.Tx) {
		for _, key := range []string{"role/a", "role/b", "role/b\x00", "role/c", "roles", "user/a", "\xff\xff"} {
			tx.Put(key, []byte("v:"+key))
		}
	})
	put(t, s, here+"\x01", "role/aa", "a space whose name begins like the other's")
	tests := []struct {
		prefix, after string
		limit         int
		want          []string
		more          bool
	}{
		{"", "", 10, []string{"role/a", "role/b", "role/b\x00", "role/c", "roles", "user/a", "\xff\xff"}, false},
		{"role/", "", 10, []string{"role/a", "role/b", "role/b\x00", "role/c"}, false},
		{"role/", "", 4, []string{"role/a", "role/b", "role/b\x00", "role/c"}, false},
		{"role/", "", 3, []string{"role/a", "role/b", "role/b\x00"}, true},
		{"role/", "role/b", 1, []string{"role/b\x00"}, true},
		{"role/", "role/bb", 9, []string{"role/c"}, false},
		{"role/", "a", 1, []string{"role/a"}, true},
		{"role/", "role/c", 9, nil, false},
		{"role/", "z", 9, nil, false},
		{"", "user/a", 9, []string{"\xff\xff"}, false},
		{"\xff", "", 9, []string{"\xff\xff"}, false},
		{"none", "", 9, nil, false},
	}
	for _, test := range tests {
		view(t, s, here, func(r store.Reader) {
			pairs, more := r.Scan(test.prefix, test.after, test.limit)
			var got []string
			for _, p := range pairs {
				if string(p.Value) != "v:"+p.Key {
					t.Errorf("Scan(%q): key %q has the value %q", test.prefix, p.Key, p.Value)
				}
				got = append(got, p.Key)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || more != test.more {
				t.Errorf("Scan(%q, %q, %d): more %t, want %t; keys (-want +got):\n%s",
					test.prefix, test.after, test.limit, more, test.more, diff)
			}
		})
	}
	for _, test := range []struct {
		prefix, before string
		limit          int
		want           []string
		more           bool
	}{
		{"", "", 10, []string{"\xff\xff", "user/a", "roles", "role/c", "role/b\x00", "role/b", "role/a"}, false},
		{"role/", "", 10, []string{"role/c", "role/b\x00", "role/b", "role/a"}, false},
		{"role/", "", 4, []string{"role/c", "role/b\x00", "role/b", "role/a"}, false},
		{"role/", "", 3, []string{"role/c", "role/b\x00", "role/b"}, true},
		{"role/", "role/b\x00", 1, []string{"role/b"}, true},
		{"role/", "role/bb", 1, []string{"role/b\x00"}, true},
		{"role/", "z", 1, []string{"role/c"}, true},
		{"role/", "role/a", 9, nil, false},
		{"role/", "a", 9, nil, false},
		{"", "role/b", 9, []string{"role/a"}, false},
		{"\xff", "", 9, []string{"\xff\xff"}, false},
		{"\xff\xff", "", 9, []string{"\xff\xff"}, false},
		{"none", "", 9, nil, false},
	} {
		view(t, s, here, func(r store.Reader) {
			pairs, more := r.ScanDown(test.prefix, test.before, test.limit)
			var got []string
			for _, p := range pairs {
				if string(p.Value) != "v:"+p.Key {
					t.Errorf("ScanDown(%q): key %q has the value %q", test.prefix, p.Key, p.Value)
				}
				got = append(got, p.Key)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || more != test.more {
				t.Errorf("ScanDown(%q, %q, %d): more %t, want %t; keys (-want +got):\n%s",
					test.prefix, test.before, test.limit, more, test.more, diff)
			}
		})
	}
	// In a transaction that has written, what it wrote and deleted counts.
	update(t, s, here, func(tx store.Tx) {
		tx.Put("role/0", []byte("new"))
		tx.Put("role/b", []byte("changed"))
		tx.Delete("role/b\x00")
		tx.Delete("role/bb")
		tx.Delete("role/c")
		tx.Put("role/d", []byte("last"))
		pairs, more := tx.Scan("role/", "", 3)
		want := []store.Pair{{Key: "role/0", Value: []byte("new")}, {Key: "role/a", Value: []byte("v:role/a")}, {Key: "role/b", Value: []byte("changed")}}
		if diff := cmp.Diff(want, pairs); diff != "" || !more {
			t.Errorf("Scan over own writes: more %t, pairs (-want +got):\n%s", more, diff)
		}
		pairs, more = tx.Scan("role/", "role/b", 1)
		want = []store.Pair{{Key: "role/d", Value: []byte("last")}}
		if diff := cmp.Diff(want, pairs); diff != "" || more {
			t.Errorf("Scan after own deletes: more %t, pairs (-want +got):\n%s", more, diff)
		}
		pairs, more = tx.ScanDown("role/", "", 3)
		want = []store.Pair{{Key: "role/d", Value: []byte("last")}, {Key: "role/b", Value: []byte("changed")}, {Key: "role/a", Value: []byte("v:role/a")}}
		if diff := cmp.Diff(want, pairs); diff != "" || !more {
			t.Errorf("ScanDown over own writes: more %t, pairs (-want +got):\n%s", more, diff)
		}
	})
}

func testAll(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	const n = 1000 // several pieces
	update(t, s, here, func(tx store.Tx) {
		for i := range n {
			tx.Put(fmt.Sprintf("k/%04d", i), itoa(i))
		}
		tx.Put("other", nil)
	})
	update(t, s, here, func(tx store.Tx) {
		next := 0
		for key, value := range store.All(tx, "k/") {
			if atoi(value) != next {
				t.Fatalf("All: %s has %s, want %d", key, value, next)
			}
			next++
			tx.Delete(key)
		}
		if next != n {
			t.Errorf("All: %d pairs, want %d", next, n)
		}
	})
	wantContents(t, s, here, map[string]string{"other": ""})
	view(t, s, here, func(r store.Reader) {
		for range store.All(r, "") {
			break
		}
	})
}

func testLimits(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	longest := strings.Repeat("k", store.MaxKey)
	widest := store.Space(strings.Repeat("s", store.MaxSpace))
	update(t, s, widest, func(tx store.Tx) { tx.Put(longest, make([]byte, store.MaxValue)) })
	view(t, s, widest, func(r store.Reader) {
		if v, ok := r.Get(longest); !ok || len(v) != store.MaxValue {
			t.Errorf("the largest pair came back with %d bytes, %t", len(v), ok)
		}
	})

	ctx := context.Background()
	for name, fn := range map[string]func(store.Tx){
		"empty key":        func(tx store.Tx) { tx.Put("", nil) },
		"long key":         func(tx store.Tx) { tx.Put(longest+"k", nil) },
		"delete empty key": func(tx store.Tx) { tx.Delete("") },
		"long value":       func(tx store.Tx) { tx.Put("k", make([]byte, store.MaxValue+1)) },
		"scan limit":       func(tx store.Tx) { tx.Scan("", "", 0) },
		"scan down limit":  func(tx store.Tx) { tx.ScanDown("", "", 0) },
		"foreign space":    func(tx store.Tx) { tx.Foreign("").Get("k") },
	} {
		_, err := s.Update(ctx, here, func(tx store.Tx) error {
			tx.Put("before", nil)
			fn(tx)
			tx.Put("after", nil)
			return errors.New("the function's own error, which counts less")
		})
		wantError(t, name, err, store.ErrLimit)
	}
	wantContents(t, s, here, map[string]string{})
	err := s.View(ctx, here, func(r store.Reader) error {
		if pairs, more := r.Foreign("a\x00b").Scan("", "", 1); pairs != nil || more {
			t.Errorf("Scan in a space that cannot be: %v, %t", pairs, more)
		}
		if n := r.Foreign("a\x00b").Revision(); n != 0 {
			t.Errorf("Revision of a space that cannot be: %d", n)
		}
		return nil
	})
	wantError(t, "foreign space in a view", err, store.ErrLimit)

	for _, space := range []store.Space{"", "a\x00b", widest + "s"} {
		_, err := s.Update(ctx, space, func(store.Tx) error { t.Errorf("space %q: the function ran", space); return nil })
		wantError(t, "update of a bad space", err, store.ErrLimit)
		err = s.View(ctx, space, func(store.Reader) error { t.Errorf("space %q: the function ran", space); return nil })
		wantError(t, "view of a bad space", err, store.ErrLimit)
		for _, err := range s.Watch(ctx, space, 0) {
			wantError(t, "watch of a bad space", err, store.ErrLimit)
		}
	}
}

func testValuesAreCopies(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	value := []byte("as it was when it was put")
	want := map[string]string{"k": string(value)}
	update(t, s, here, func(tx store.Tx) {
		mine := append([]byte(nil), value...)
		tx.Put("k", mine)
		clear(mine)
	})
	wantContents(t, s, here, want)
	view(t, s, here, func(r store.Reader) {
		v, _ := r.Get("k")
		_ = append(v, "must not reach what comes behind the value"...)
	})
	wantContents(t, s, here, want)
}

func testFailedFunctions(t *testing.T, e Engine) {
	s := e.open(t, store.Options{Committed: func(c store.Change) {
		if len(c.Keys) != 1 || c.Keys[0] != "kept" {
			t.Errorf("Committed was told of %v", c)
		}
	}})
	put(t, s, here, "kept", "1")
	mine := errors.New("mine")
	_, err := s.Update(context.Background(), here, func(tx store.Tx) error {
		tx.Put("kept", []byte("2"))
		return mine
	})
	wantError(t, "a function's own error", err, mine)
	wantError(t, "a view's own error", s.View(context.Background(), here, func(store.Reader) error { return mine }), mine)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = s.Update(ctx, here, func(store.Tx) error { t.Error("ran after its context ended"); return nil })
	wantError(t, "update after the context", err, context.Canceled)
	err = s.View(ctx, here, func(store.Reader) error { t.Error("ran after its context ended"); return nil })
	wantError(t, "view after the context", err, context.Canceled)

	ctx, cancel = context.WithCancel(context.Background())
	_, err = s.(strict).Store.Update(ctx, here, func(tx store.Tx) error { // the first run must be the one that counts
		tx.Put("kept", []byte("3"))
		cancel()
		return nil
	})
	wantError(t, "context ends inside the function", err, context.Canceled)

	for range 3 { // a lock that a panic leaves behind would stop the second
		got := panicOf(func() {
			_, _ = s.Update(context.Background(), here, func(tx store.Tx) error {
				tx.Put("kept", []byte("4"))
				panic("mine")
			})
		})
		if got != "mine" {
			t.Errorf("update panicked with %v, want mine", got)
		}
		got = panicOf(func() { _ = s.View(context.Background(), here, func(store.Reader) error { panic("mine") }) })
		if got != "mine" {
			t.Errorf("view panicked with %v, want mine", got)
		}
	}
	// A test that fails inside a function ends its goroutine in the midst of it.
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = s.Update(context.Background(), here, func(tx store.Tx) error {
			tx.Put("kept", []byte("5"))
			runtime.Goexit()
			return nil
		})
	}()
	<-done
	wantContents(t, s, here, map[string]string{"kept": "1"})
}

func testTransactionsEnd(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	var tx store.Tx
	update(t, s, here, func(in store.Tx) { tx = in })
	var r, foreign store.Reader
	view(t, s, here, func(in store.Reader) { r, foreign = in, in.Foreign(there) })
	for name, use := range map[string]func(){
		"Get":             func() { r.Get("k") },
		"Scan":            func() { r.Scan("", "", 1) },
		"ScanDown":        func() { r.ScanDown("", "", 1) },
		"Foreign":         func() { r.Foreign(there) },
		"Revision":        func() { r.Revision() },
		"Get in foreign":  func() { foreign.Get("k") },
		"Get in update":   func() { tx.Get("k") },
		"Scan in update":  func() { tx.Scan("", "", 1) },
		"Down in update":  func() { tx.ScanDown("", "", 1) },
		"Put":             func() { tx.Put("k", nil) },
		"Delete":          func() { tx.Delete("k") },
		"Foreign, update": func() { tx.Foreign(there) },
	} {
		if panicOf(use) == nil {
			t.Errorf("%s after the function returned did not panic", name)
		}
	}
}

func testRevisions(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	revisionOf := func(space store.Space) (n uint64) {
		view(t, s, space, func(r store.Reader) { n = r.Revision() })
		return n
	}
	if n := revisionOf(here); n != 0 {
		t.Errorf("revision %d of a space that was never changed", n)
	}
	first := put(t, s, here, "k", "1")
	second := put(t, s, there, "k", "1")
	third := update(t, s, here, func(tx store.Tx) {
		if n := tx.Revision(); n != first {
			t.Errorf("revision %d inside an update, want %d", n, first)
		}
		tx.Delete("absent")
		if n := tx.Revision(); n != first {
			t.Errorf("revision %d after an own write, want %d", n, first)
		}
	})
	if first == 0 || second <= first || third <= second {
		t.Errorf("revisions %d, %d, %d do not grow", first, second, third)
	}
	if h, th := revisionOf(here), revisionOf(there); h != third || th != second {
		t.Errorf("revisions of the spaces %d, %d; want %d, %d", h, th, third, second)
	}
	if n := update(t, s, there, func(store.Tx) {}); n != second {
		t.Errorf("an update without writes returned %d, want %d", n, second)
	}
	if n := revisionOf(there); n != second {
		t.Errorf("an update without writes changed the revision to %d", n)
	}
}

func testForeign(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	put(t, s, here, "k", "here")
	n := put(t, s, there, "k", "there")
	check := func(r store.Reader) {
		t.Helper()
		f := r.Foreign(there)
		if v, _ := f.Get("k"); string(v) != "there" || f.Revision() != n {
			t.Errorf("foreign Get(k) = %q at %d, want there at %d", v, f.Revision(), n)
		}
		if diff := cmp.Diff(map[string]string{"k": "there"}, collect(f)); diff != "" {
			t.Errorf("foreign contents (-want +got):\n%s", diff)
		}
		if v, _ := f.Foreign(here).Get("k"); string(v) != "here" {
			t.Errorf("foreign of foreign: %q, want here", v)
		}
	}
	view(t, s, here, check)
	update(t, s, here, func(tx store.Tx) {
		check(tx)
		tx.Put("k", []byte("changed"))
		if v, _ := tx.Foreign(here).Get("k"); string(v) != "changed" {
			t.Errorf("the own space as foreign: %q, want the own write", v)
		}
		if v, _ := tx.Foreign(there).Get("k"); string(v) != "there" {
			t.Errorf("an own write reached the foreign space: %q", v)
		}
		if v, _ := tx.Foreign(there).Foreign(here).Get("k"); string(v) != "changed" {
			t.Errorf("the own space by way of a foreign one: %q, want the own write", v)
		}
	})
}
