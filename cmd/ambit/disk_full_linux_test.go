package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A disk is where a server of a test keeps its data, and how it is filled and emptied while that runs.
type disk struct {
	dir         string
	fill, empty func(p *process) error
	say         string // what the system calls it
}

// smallFiles refuses the server what lies beyond the first pages of a file, as a quota would.
func smallFiles(t *testing.T) disk {
	t.Helper()
	limit := func(p *process, bytes uint64) error {
		limits := syscall.Rlimit{Cur: bytes, Max: ^uint64(0)}
		_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.cmd.Process.Pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&limits)), 0, 0, 0)
		if errno != 0 {
			return errno
		}
		return nil
	}
	return disk{
		dir: t.TempDir(), say: "file too large",
		fill:  func(p *process) error { return limit(p, 32<<10) },
		empty: func(p *process) error { return limit(p, ^uint64(0)) },
	}
}

// smallDisk is a file system of two megabytes, which only root can make.
func smallDisk(t *testing.T) disk {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no file system can be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	filler := filepath.Join(dir, "filler")
	return disk{
		dir: dir, say: "no space left on device",
		fill: func(*process) error {
			err := os.WriteFile(filler, make([]byte, 4<<20), 0o600)
			if !errors.Is(err, syscall.ENOSPC) {
				return fmt.Errorf("the disk is not full: %w", err)
			}
			return nil
		},
		empty: func(*process) error { return os.Remove(filler) },
	}
}

// TestDiskFull: on a full disk changes are refused and deciding goes on; when there is room again, changes are made. Nothing that was
// acknowledged is lost, and a start without room is refused.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T) disk{"limited files": smallFiles, "full file system": smallDisk} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runOut(t, make(t))
		})
	}
}

func runOut(t *testing.T, d disk) {
	t.Helper()
	environ, data, ctx := home(t), filepath.Join(d.dir, "data"), t.Context()
	p := serveReal(t, environ, "--data", data)
	t.Cleanup(func() { // before the file system is unmounted
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	})
	admin := p.credentials(t)
	c := iam.NewFromConfig(p.config(admin))
	create := func(name string) error {
		_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
		return err
	}
	exists := func(name string) bool {
		_, err := c.GetUser(ctx, &iam.GetUserInput{UserName: &name})
		return err == nil
	}
	if _, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("role"), AssumeRolePolicyDocument: aws.String(trustAccount)}); err != nil {
		t.Fatal(err)
	}
	session, err := p.assume(ctx, admin, "role")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(create("before"), d.fill(p)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		var response *smithyhttp.ResponseError
		if err := create("meanwhile"); !errors.As(err, &response) || response.HTTPStatusCode() != http.StatusServiceUnavailable ||
			!strings.Contains(err.Error(), "ServiceUnavailable") {
			t.Errorf("a change on a full disk: %v", err)
		}
		if err := decides(ctx, p, admin, session); err != nil {
			t.Errorf("deciding on a full disk: %v", err)
		}
		if exists("meanwhile") || !exists("before") {
			t.Error("a refused change was made, or another one was lost")
		}
	}
	for range 40 {
		_ = decides(ctx, p, admin, session) // fills the audit log until the disk refuses half a record
	}
	await(t, "the disk refuses records", func() bool { return strings.Contains(p.errs.String(), "audit log") })
	if err := d.empty(p); err != nil {
		t.Fatal(err)
	}
	if _, err := iam.NewFromConfig(p.config(session)).GetUser(ctx, &iam.GetUserInput{UserName: aws.String("unforgotten")}); err == nil {
		t.Error("the session may do what nothing allows")
	}
	await(t, "the first record that the disk took again is not whole", func() bool { return recorded(t, filepath.Join(data, "audit"), "unforgotten") })
	for i := range 3 {
		if err := create(fmt.Sprint("after", i)); err != nil {
			t.Errorf("a change when there is room again: %v", err)
		}
	}
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // killed
	if said := p.errs.String(); !strings.Contains(said, d.say) || strings.Count(said, "\n") > 8 {
		t.Errorf("the log:\n%s", said)
	}
	p = serveReal(t, environ, "--data", data)
	c = iam.NewFromConfig(p.config(admin))
	for name, want := range map[string]bool{"before": true, "meanwhile": false, "after0": true, "after2": true} {
		if exists(name) != want {
			t.Errorf("after a restart: %s is there: %v", name, !want)
		}
	}
	if err := decides(ctx, p, admin, session); err != nil {
		t.Error(err)
	}
}

// recorded looks for a name in a whole record of the audit log.
func recorded(t *testing.T, dir, name string) bool {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			if bytes.Contains(line, []byte(name)) && json.Valid(line) {
				return true
			}
		}
	}
	return false
}

// TestAStartOnAFullDisk is refused in one line, wherever the room ends, and leaves nothing that keeps the next one from starting.
func TestAStartOnAFullDisk(t *testing.T) {
	t.Parallel()
	d, environ := smallDisk(t), home(t)
	for pages := range 6 { // an empty store has seven
		room, data := filepath.Join(d.dir, "room"), filepath.Join(d.dir, "data")
		if err := errors.Join(os.WriteFile(room, make([]byte, pages*os.Getpagesize()), 0o600), d.fill(nil), os.Remove(room)); err != nil {
			t.Fatal(err)
		}
		code, said := failure(t, environ, "serve", "--listen", "127.0.0.1:0", "--data", data)
		if code != 2 || !strings.Contains(said, d.say) || strings.Count(said, "\n") != 1 {
			t.Errorf("with room for %d pages: exit code %d, %s", pages, code, said)
		}
		if err := d.empty(nil); err != nil {
			t.Fatal(err)
		}
		p := serveReal(t, environ, "--data", data)
		if err := errors.Join(p.cmd.Process.Signal(syscall.SIGTERM), p.cmd.Wait(), os.RemoveAll(data)); err != nil {
			t.Error(err)
		}
	}
}

// decides reports an error unless a session is told who it is and is denied what nothing allows, and the administrator gets sessions.
func decides(ctx context.Context, p *process, admin, session aws.Credentials) error {
	_, who := sts.NewFromConfig(p.config(session)).GetCallerIdentity(ctx, nil)
	_, err := iam.NewFromConfig(p.config(session)).ListUsers(ctx, nil)
	if err == nil || !strings.Contains(err.Error(), "no identity-based policy allows the iam:ListUsers action") {
		err = fmt.Errorf("ListUsers: %w", err)
	} else {
		err = nil
	}
	_, more := p.assume(ctx, admin, "role")
	return errors.Join(who, err, more)
}
