package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
)

func put(t *testing.T, s store.Store, value string) {
	t.Helper()
	_, err := s.Update(context.Background(), "space", func(tx store.Tx) error { tx.Put("key", []byte(value)); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s store.Store) (value string) {
	t.Helper()
	err := s.View(context.Background(), "space", func(r store.Reader) error {
		v, _ := r.Get("key")
		value = string(v)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestPlanesKeepAccountsAndRegionsApart(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"", t.TempDir()} {
		p := newPlanes(root)
		places := [][3]string{
			{"dynamodb", "123456789012", "eu-central-1"}, {"dynamodb", "123456789012", "us-east-1"},
			{"dynamodb", "210987654321", "eu-central-1"}, {"s3", "123456789012", "eu-central-1"},
		}
		for _, at := range places {
			s, err := p.Store(at[0], at[1], at[2])
			if err != nil {
				t.Fatal(err)
			}
			put(t, s, at[0]+at[1]+at[2])
		}
		for _, at := range places {
			s, err := p.Store(at[0], at[1], at[2])
			if err != nil {
				t.Fatal(err)
			}
			if got := get(t, s); got != at[0]+at[1]+at[2] {
				t.Errorf("%v holds %q", at, got)
			}
		}
		if err := p.close(); err != nil {
			t.Error(err)
		}
		if _, err := p.Store("dynamodb", "123456789012", "us-east-1"); !errors.Is(err, store.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
		if root == "" {
			continue
		}
		again := newPlanes(root)
		s, err := again.Store("s3", "123456789012", "eu-central-1")
		if err != nil {
			t.Fatal(err)
		}
		if got := get(t, s); got != "s3123456789012eu-central-1" {
			t.Errorf("after a restart: %q", got)
		}
		if err := again.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNamesDoNotBecomePaths(t *testing.T) {
	t.Parallel()
	p := newPlanes(t.TempDir())
	for _, at := range [][3]string{
		{"../x", "123456789012", "us-east-1"}, {"", "123456789012", "us-east-1"}, {"s3", "..", "us-east-1"}, {"s3", "12345678901/", "us-east-1"},
		{"s3", "123456789012", ".."}, {"s3", "123456789012", "us-east-1/.."}, {"s3", "123456789012", ""}, {"S3", "123456789012", "us-east-1"},
	} {
		if _, err := p.Store(at[0], at[1], at[2]); err == nil {
			t.Errorf("%q was opened", at)
		}
		if dir, err := p.Directory(at[0], at[1], at[2]); err == nil {
			t.Errorf("%q is %s", at, dir)
		}
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
}

func TestDirectoriesArePrivateAndTemporaryOnesEnd(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, p := range []*planes{newPlanes(root), newPlanes("")} {
		dir, err := p.Directory("s3", "123456789012", "us-east-1")
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v %v", dir, info, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "content"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := p.close(); err != nil {
			t.Error(err)
		}
		_, err = os.Stat(dir)
		if kept := err == nil; kept != (p.root != "") {
			t.Errorf("%s after the end: %v", dir, err)
		}
	}
}
