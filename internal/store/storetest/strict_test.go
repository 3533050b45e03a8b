package storetest_test

import (
	"context"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/internal/store/storetest"
)

// TestStrict holds that Strict shows the mistakes it is there for, and
// otherwise is the store it wraps.
func TestStrict(t *testing.T) {
	t.Parallel()
	raw, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Strict(raw)
	const here store.Space = "123456789012"
	ctx := context.Background()

	runs := 0
	var kept []byte
	revision, err := s.Update(ctx, here, func(tx store.Tx) error {
		runs++
		tx.Put("k", []byte("v"))
		kept, _ = tx.Get("k")
		return nil
	})
	if err != nil || revision != 1 || runs != 2 {
		t.Errorf("update: revision %d, %v after %d runs; want 1 after 2", revision, err, runs)
	}
	if string(kept) == "v" {
		t.Error("a value outlived its update")
	}
	var values [][]byte
	if err := s.View(ctx, here, func(r store.Reader) error {
		v, _ := r.Get("k")
		f, _ := r.Foreign(here).Get("k")
		pairs, _ := r.Scan("", "", 1)
		values = append(values, v, f, pairs[0].Value)
		for _, v := range values {
			if string(v) != "v" {
				t.Errorf("inside the view a value is %q", v)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if string(v) == "v" {
			t.Error("a value outlived its view")
		}
	}
	if err := raw.View(ctx, here, func(r store.Reader) error {
		if v, _ := r.Get("k"); string(v) != "v" {
			t.Errorf("the store's own value was spoiled: %q", v)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
