//go:build linux || darwin

package bolt_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"go.etcd.io/bbolt"
)

// childEnv, when set, makes the test binary a child that does one thing in the
// data directory of its first argument.
const childEnv = "AMBIT_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	children := map[string]func(dir string) error{"crash": writeForever, "disk full": fillDisk}
	name := os.Getenv(childEnv)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := children[name](os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(t *testing.T, name, dir string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, dir)
	cmd.Env = append(os.Environ(), childEnv+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

const crashWriters = 4

// writeForever continues one sequence per writer, each in a space of its own,
// and prints "writer number" for every number whose update was answered.
func writeForever(dir string) error {
	s, err := bolt.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for w := range crashWriters {
		go func() {
			for {
				n := 0
				_, err := s.Update(context.Background(), account(w), func(tx store.Tx) error {
					v, _ := tx.Get("a")
					n, _ = strconv.Atoi(string(v))
					n++
					// Three keys that must never disagree, far apart in the file.
					tx.Put("a", fmt.Append(nil, n))
					tx.Put(fmt.Sprintf("n/%08d", n), record)
					tx.Put("z", fmt.Append(nil, n))
					return nil
				})
				if err != nil {
					failed <- err
					return
				}
				if _, err := fmt.Fprintf(os.Stdout, "%d %d\n", w, n); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// TestCrash kills a writing process, again and again on the same data, and
// holds that nothing answered is lost and nothing is torn.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rounds := 3
	if n, err := strconv.Atoi(os.Getenv("AMBIT_SOAK")); err == nil {
		rounds = max(rounds, n)
	}
	total := 0
	for round := range rounds {
		answered := runAndKill(t, dir, 20+rand.IntN(200))
		checkFile(t, dir)
		s, err := bolt.Open(dir, store.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for w, n := range answered {
			total = max(total, n)
			checkSequence(t, s, w, n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d rounds, longest sequence %d", rounds, total)
}

// runAndKill runs the child until it has answered so many writes, kills it, and
// returns the last number answered to each writer.
func runAndKill(t *testing.T, dir string, writes int) map[int]int {
	t.Helper()
	cmd := child(t, "crash", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := sync.OnceFunc(func() { _ = cmd.Process.Kill() })
	defer time.AfterFunc(30*time.Second, kill).Stop()
	answered := map[int]int{}
	lines := 0
	for in := bufio.NewScanner(out); in.Scan(); lines++ {
		var w, n int
		if _, err := fmt.Sscanf(in.Text(), "%d %d", &w, &n); err != nil {
			t.Errorf("child printed %q: %v", in.Text(), err)
		}
		answered[w] = max(answered[w], n)
		if lines == writes {
			kill()
		}
	}
	if err := cmd.Wait(); err == nil || lines < writes {
		t.Fatalf("child ended by itself or was too slow, after %d writes: %v", lines, err)
	}
	return answered
}

// checkFile asks bbolt whether every page is reachable exactly once.
func checkFile(t *testing.T, dir string) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, bolt.File), 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) (all error) {
		for err := range tx.Check() {
			all = errors.Join(all, err)
		}
		return all
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Error(err)
	}
}

// checkSequence holds that the writer's space has the numbers up to one that
// was answered, or the one after it, which may have been on its way.
func checkSequence(t *testing.T, s store.Store, w, answered int) {
	t.Helper()
	err := s.View(context.Background(), account(w), func(r store.Reader) error {
		a, _ := r.Get("a")
		z, _ := r.Get("z")
		n, err := strconv.Atoi(string(a))
		if err != nil || string(a) != string(z) {
			t.Errorf("writer %d: torn: a is %q, z is %q", w, a, z)
		}
		if n != answered && n != answered+1 {
			t.Errorf("writer %d: %d was answered, %d is stored", w, answered, n)
		}
		next := 1
		for key, value := range store.All(r, "n/") {
			if key != fmt.Sprintf("n/%08d", next) || string(value) != string(record) {
				t.Fatalf("writer %d: %s with %d bytes where %d should be", w, key, len(value), next)
			}
			next++
		}
		if next != n+1 {
			t.Errorf("writer %d: %d numbers, want %d", w, next-1, n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
