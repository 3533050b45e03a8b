package server_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/server"
	"github.com/ambit-iam/ambit/test/port"
)

// stopped returns a data directory that a server has used and left.
func stopped(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	r := start(t, func(o *server.Options) { o.Memory, o.Data = false, dir })
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// attempt opens a server on a directory, closes it if that succeeds, and returns what it logged.
func attempt(t *testing.T, dir string, environ map[string]string, change func(*server.Options)) (logs string, err error) {
	t.Helper()
	var log syncBuffer
	o := server.Options{
		Listen: "127.0.0.1:0", Data: dir, Account: account, Region: "us-east-1", Out: io.Discard, Now: time.Now,
		Environ: func(name string) (string, bool) { value, ok := environ[name]; return value, ok },
		Logger:  slog.New(slog.NewTextHandler(&log, nil)),
	}
	if change != nil {
		change(&o)
	}
	s, err := server.Open(context.Background(), o)
	if err == nil {
		ended, end := context.WithCancel(context.Background())
		end()
		err = s.Serve(ended)
	}
	return log.String(), err
}

// refusedInOneLine demands an error of one line with these words.
func refusedInOneLine(t *testing.T, name string, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: accepted", name)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q; want one line with %q", name, err, w)
		}
	}
}

// contents are the files below a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNothingIsTouchedBeforeAllIsChecked: a start that is refused, even one that was told to forget everything, leaves the data as
// it was.
func TestNothingIsTouchedBeforeAllIsChecked(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	before := contents(t, dir)
	junk := filepath.Join(t.TempDir(), "junk.pem")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	key := func(id, secret string) map[string]string {
		return map[string]string{"AMBIT_ADMIN_ACCESS_KEY_ID": id, "AMBIT_ADMIN_SECRET_ACCESS_KEY": secret}
	}
	with := func(a map[string]string, more ...string) map[string]string {
		out := maps.Clone(a)
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	for _, c := range []struct {
		name    string
		environ map[string]string
		change  func(*server.Options)
		say     string
	}{
		{"a certificate that is none", nil, func(o *server.Options) { o.TLSCert, o.TLSKey = junk, junk }, "--tls-cert"},
		{"an address that is none of this machine", nil, func(o *server.Options) { o.Listen, o.InsecureHTTP = "203.0.113.1:0", true }, "--listen"},
		{"a region", nil, func(o *server.Options) { o.Region = "EU-WEST-1" }, "--region"},
		{"one id for two", with(key("same", "yyyyyyyy"), "AMBIT_ROOT_ACCESS_KEY_ID", "same", "AMBIT_ROOT_SECRET_ACCESS_KEY", "zzzzzzzz"), nil, "are the same"},
		{"half a key", key("half", ""), nil, "set both or neither"},
		{"an id of two lines", key("a\nb", "yyyyyyyy"), nil, "AMBIT_ADMIN_ACCESS_KEY_ID: "},
		{"an id with a comma", key("a,b", "yyyyyyyy"), nil, "AMBIT_ADMIN_ACCESS_KEY_ID: "},
		{"an id too long", key(strings.Repeat("a", 129), "yyyyyyyy"), nil, "AMBIT_ADMIN_ACCESS_KEY_ID: "},
		{"an id of a session", key("ASIAABCDEFGHIJKLMNOP", "yyyyyyyy"), nil, "temporary"},
		{"a secret that opens a profile", key("a", "s\n[evil]\naws_access_key_id = q"), nil, "AMBIT_ADMIN_SECRET_ACCESS_KEY: "},
		{"a secret with a bell", key("a", "s\a"), nil, "AMBIT_ADMIN_SECRET_ACCESS_KEY: "},
		{"a secret in spaces", key("a", " s "), nil, "AMBIT_ADMIN_SECRET_ACCESS_KEY: "},
		{"a key that is none", map[string]string{"AMBIT_KEY": "short"}, nil, "AMBIT_KEY: not 32 bytes in base64"},
	} {
		_, err := attempt(t, dir, c.environ, func(o *server.Options) {
			o.Fresh = true
			if c.change != nil {
				c.change(o)
			}
		})
		refusedInOneLine(t, c.name, err, c.say)
		if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
			t.Fatalf("%s: the data changed: %s", c.name, diff)
		}
	}
}

// TestACertificateAuthorityThatIsSpoiled is not replaced: clients trust the old one.
func TestACertificateAuthorityThatIsSpoiled(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	for _, name := range []string{"ca.pem", "ca-key.pem"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("junk"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := contents(t, dir)
	_, err := attempt(t, dir, nil, func(o *server.Options) { o.Fresh, o.TLSSelfSigned = true, true })
	refusedInOneLine(t, "a spoiled CA", err, "--tls-self-signed", "ca.pem")
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("the data changed: %s", diff)
	}
}

// TestLooseModesAreTightened: a restored directory is made private again, and it is said.
func TestLooseModesAreTightened(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	for name, mode := range map[string]fs.FileMode{"": 0o777, "ambit.key": 0o644, "credentials": 0o664, "ambit.db": 0o644, "audit": 0o777} {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	logs, err := attempt(t, dir, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "ambit.key", "credentials", "ambit.db", "audit"} {
		path := filepath.Join(dir, name)
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		if name != "ambit.db" && !strings.Contains(logs, "path="+path+" ") { // the store sees to its own
			t.Errorf("nothing is said of %s: %s", path, logs)
		}
	}
	if logs, err := attempt(t, dir, nil, nil); err != nil || logs != "" {
		t.Errorf("the next start: %v, %s", err, logs)
	}
}

// TestASharedDirectoryKeepsItsMode, and is refused if others could put their files in the place of ours.
func TestASharedDirectoryKeepsItsMode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "other.txt"), []byte("somebody's"), 0o644); err != nil {
		t.Fatal(err)
	}
	for mode, say := range map[fs.FileMode]string{0o777: "others can write to it", 0o777 | fs.ModeSticky: "others can write to it", 0o755: ""} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		_, err := attempt(t, dir, nil, nil)
		if say != "" {
			refusedInOneLine(t, mode.String(), err, say)
		} else if err != nil {
			t.Errorf("%v: %v", mode, err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode()&^fs.ModeDir != mode {
			t.Errorf("%v became %v, %v", mode, info.Mode(), err)
		}
	}
}

// TestALostStoreIsNotBegunAnew while there is something that belongs to it.
func TestALostStoreIsNotBegunAnew(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(dir string) error{
		"lost":  func(dir string) error { return os.Remove(filepath.Join(dir, "ambit.db")) },
		"empty": func(dir string) error { return os.Truncate(filepath.Join(dir, "ambit.db"), 0) },
		"lost, credentials only": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "ambit.db")), os.Remove(filepath.Join(dir, "ambit.key")))
		},
	} {
		dir := stopped(t)
		if err := lose(dir); err != nil {
			t.Fatal(err)
		}
		before := contents(t, dir)
		_, err := attempt(t, dir, nil, nil)
		refusedInOneLine(t, name, err, "ambit.db is lost or empty", "--fresh")
		if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
			t.Errorf("%s: the data changed: %s", name, diff)
		}
		if _, err := attempt(t, dir, nil, func(o *server.Options) { o.Fresh = true }); err != nil {
			t.Errorf("%s, with --fresh: %v", name, err)
		}
	}
}

// TestFreshForgetsADamagedStore, which says so itself.
func TestFreshForgetsADamagedStore(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	if err := os.WriteFile(filepath.Join(dir, "ambit.db"), bytes.Repeat([]byte("junk"), 9999), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := attempt(t, dir, nil, nil)
	refusedInOneLine(t, "damaged", err, "damaged", "--fresh")
	if _, err := attempt(t, dir, nil, func(o *server.Options) { o.Fresh = true }); err != nil {
		t.Errorf("with --fresh: %v", err)
	}
	if _, err := attempt(t, dir, nil, nil); err != nil {
		t.Errorf("the next start: %v", err)
	}
}

// TestWhoIsToBlame: a refusal names what to change.
func TestWhoIsToBlame(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	wrong := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	_, err := attempt(t, dir, map[string]string{"AMBIT_KEY": wrong}, nil)
	refusedInOneLine(t, "the key of the environment", err, "AMBIT_KEY does not open", "--fresh")
	if err != nil && strings.Contains(err.Error(), "ambit.key") {
		t.Errorf("the key file is blamed: %v", err)
	}
	_, err = attempt(t, dir, nil, func(o *server.Options) { o.Account = "111122223333" })
	refusedInOneLine(t, "another account", err, "--account 111122223333", account)
}

// TestACancelledStart is no failure of its own, and leaves no lock behind.
func TestACancelledStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	ended, end := context.WithCancel(context.Background())
	end()
	_, err := server.Open(ended, server.Options{
		Listen: "127.0.0.1:0", Data: dir, Account: account, Region: "us-east-1", Out: io.Discard, Now: time.Now,
		Environ: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.DiscardHandler),
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a start that was called off: %v", err)
	}
	if _, err := attempt(t, dir, nil, nil); err != nil {
		t.Errorf("the next start: %v", err)
	}
}

// TestFreshForgetsNothingUntilItListens: somebody takes the port while the server starts, and what was there is there again.
func TestFreshForgetsNothingUntilItListens(t *testing.T) {
	t.Parallel()
	address, release, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	dir := filepath.Join(t.TempDir(), "data")
	here := func(o *server.Options) { o.Memory, o.Data = false, dir }
	r := start(t, here)
	r.nobody(t, "kept")
	admin := r.admin()
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	var thief net.Listener
	aside := filepath.Join(dir, "forgotten")
	_, err = server.Open(context.Background(), server.Options{
		Listen: address, Data: dir, Fresh: true, Account: account, Region: "us-east-1", Out: io.Discard, Logger: slog.New(slog.DiscardHandler),
		Environ: func(string) (string, bool) { return "", false },
		Now: func() time.Time {
			if _, err := os.Stat(aside); thief == nil && err == nil { // it has begun
				if thief, err = net.Listen("tcp", address); err != nil {
					t.Error(err)
				}
			}
			return time.Now()
		},
	})
	if err == nil || !strings.Contains(err.Error(), "the port is in use") || thief == nil {
		t.Fatalf("the port was taken by %v: %v", thief, err)
	}
	thief.Close()
	if _, err := os.Stat(aside); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was put aside: %v", err)
	}
	r = start(t, here)
	if r.admin() != admin {
		t.Error("the administrator has another key")
	}
	if _, err := r.iam(r.admin()).GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String("kept")}); err != nil {
		t.Error(err)
	}
}
