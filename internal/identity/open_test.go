package identity_test

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/internal/store/storetest"
	"github.com/ambit-iam/ambit/policy"
	"github.com/google/go-cmp/cmp"
)

const account = "123456789012"

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const allowAll = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`

const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"

// aws are the AWS managed policies of the tests.
func aws(name string) (identity.AWSPolicy, bool) {
	if name != administratorAccess {
		return identity.AWSPolicy{}, false
	}
	return identity.AWSPolicy{
		ARN: name, Name: "AdministratorAccess", Path: "/", ID: "ANPAIWMBCKSKIEE64ZLYK", DefaultVersion: "v1", Document: allowAll,
	}, true
}

// inMemory opens a store that does on purpose what a store may do.
func inMemory(o store.Options) (store.Store, error) {
	s, err := mem.New(o)
	if err != nil {
		return nil, err
	}
	return storetest.Strict(s), nil
}

func onDisk(dir string) identity.OpenStore {
	return func(o store.Options) (store.Store, error) { return bolt.Open(dir, o) }
}

func options() identity.Options {
	return identity.Options{Account: account, AWSManaged: aws, Now: func() time.Time { return noon }}
}

func open(t testing.TB, how identity.OpenStore, o identity.Options) *identity.Registry {
	t.Helper()
	g, err := identity.Open(t.Context(), how, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func update(t testing.TB, g *identity.Registry, fn func(identity.Tx) error) {
	t.Helper()
	if err := g.Update(context.Background(), account, fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, g *identity.Registry, fn func(identity.Reader) error) {
	t.Helper()
	if err := g.View(context.Background(), account, fn); err != nil {
		t.Fatal(err)
	}
}

func document(t testing.TB, text string) *policy.Document {
	t.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// authenticate calls with a key as if the signature had been verified with that secret.
func authenticate(g *identity.Registry, now time.Time, id identity.AccessKeyID, secret identity.Secret, token string) (*identity.Caller, error) {
	s := sigv4.Signed{AccessKeyID: string(id), SecurityToken: token, Day: "20261122", Region: "us-east-1", Service: "iam"}
	return g.Authenticate(context.Background(), &s, now, func(key sigv4.SigningKey) error {
		if key != sigv4.DeriveKey(secret.Reveal(), s.Day, s.Region, s.Service) {
			return errSignature
		}
		return nil
	})
}

var errSignature = errors.New("another secret")

func fault(err error) identity.CredentialFault {
	var refused *identity.CredentialError
	if errors.As(err, &refused) {
		return refused.Fault
	}
	return 0
}

func TestFirstStart(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	start := g.Start()
	if !start.Fresh || start.RootFromOptions || start.AdminFromOptions {
		t.Errorf("start = %+v", start)
	}
	root, err := authenticate(g, noon, start.Root.ID, start.Root.Secret, "")
	if err != nil {
		t.Fatal(err)
	}
	want := policy.Principal{Type: policy.RootUser, ARN: "arn:aws:iam::123456789012:root", Account: account}
	if diff := cmp.Diff(want, root.Principal); diff != "" {
		t.Error(diff)
	}
	admin, err := authenticate(g, noon, start.Admin.ID, start.Admin.Secret, "")
	if err != nil {
		t.Fatal(err)
	}
	if name, ok := admin.UserName(); !ok || name != "admin" || admin.Principal.ARN != "arn:aws:iam::123456789012:user/admin" {
		t.Errorf("admin = %+v", admin.Principal)
	}
	p, err := g.Policies(t.Context(), nil, admin)
	if err != nil || len(p.View.Identity.Policies()) != 1 || p.View.Identity.Policies()[0].ARN != administratorAccess {
		t.Errorf("policies of admin: %v, %v", p, err)
	}
	view(t, g, func(r identity.Reader) error {
		used, err := r.PolicyUsage(administratorAccess)
		if used != (identity.Usage{Attachments: 1}) {
			t.Errorf("usage of AdministratorAccess = %+v", used)
		}
		return err
	})
}

func TestNoAdminUser(t *testing.T) {
	t.Parallel()
	o := options()
	o.NoAdminUser = true
	g := open(t, inMemory, o)
	if g.Start().Admin.ID != "" {
		t.Errorf("start = %+v", g.Start())
	}
	view(t, g, func(r identity.Reader) error {
		_, err := r.User("admin")
		wantNotFound(t, err, identity.KindUser, "admin")
		return nil
	})
}

func wantNotFound(t *testing.T, err error, kind identity.Kind, name string) {
	t.Helper()
	var missing *identity.NotFoundError
	if !errors.As(err, &missing) || missing.Kind != kind || missing.Name != name {
		t.Errorf("error %v, want %s %q not found", err, kind, name)
	}
}

// The later starts of one data directory: state is there, keys of the environment win, and what was deleted stays deleted.
func TestLaterStarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := options()
	o.KeyFile = filepath.Join(dir, "ambit.key")
	begin := func(change func(*identity.Options)) *identity.Registry {
		o := o
		change(&o)
		g, err := identity.Open(t.Context(), onDisk(dir), o)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	same := func(*identity.Options) {}

	first := begin(same)
	keys := first.Start()
	first.Close()

	second := begin(same)
	want := keys
	want.Fresh = false
	if diff := cmp.Diff(want, second.Start(), cmp.Comparer(identity.Secret.Equal)); diff != "" {
		t.Errorf("second start: %s", diff)
	}
	second.Close()

	given := identity.StartKey{ID: "my-own-key", Secret: identity.SecretOf("my own secret")}
	third := begin(func(o *identity.Options) { o.Admin = given })
	start := third.Start()
	if !start.AdminFromOptions || start.Admin.ID != given.ID || len(start.Replaced) != 1 || start.Replaced[0] != keys.Admin.ID {
		t.Errorf("third start: %+v", start)
	}
	if _, err := authenticate(third, noon, given.ID, given.Secret, ""); err != nil {
		t.Errorf("key of the environment: %v", err)
	}
	if _, err := authenticate(third, noon, keys.Admin.ID, keys.Admin.Secret, ""); fault(err) != identity.UnknownKey {
		t.Errorf("replaced key: %v", err)
	}
	if _, err := authenticate(third, noon, keys.Root.ID, keys.Root.Secret, ""); err != nil {
		t.Errorf("root's key: %v", err)
	}
	update(t, third, func(tx identity.Tx) error {
		if err := tx.DeleteAccessKey(given.ID); err != nil {
			return err
		}
		return tx.DeleteAccessKey(keys.Root.ID)
	})
	third.Close()

	fourth := begin(same)
	if s := fourth.Start(); s.Admin.ID != "" || s.Root.ID != "" {
		t.Errorf("keys that were deleted are back: %+v", s)
	}
	fourth.Close()

	changed := identity.StartKey{ID: given.ID, Secret: identity.SecretOf("another")}
	fifth := begin(func(o *identity.Options) { o.Admin, o.NoAdminUser = changed, false })
	if _, err := authenticate(fifth, noon, given.ID, given.Secret, ""); !errors.Is(err, errSignature) {
		t.Errorf("old secret: %v", err)
	}
	if _, err := authenticate(fifth, noon, given.ID, changed.Secret, ""); err != nil {
		t.Errorf("new secret: %v", err)
	}
	fifth.Close()
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	made := func(t *testing.T) (string, identity.Options) {
		dir := t.TempDir()
		o := options()
		o.KeyFile = filepath.Join(dir, "ambit.key")
		g, err := identity.Open(t.Context(), onDisk(dir), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		return dir, o
	}
	key := func(b byte) []byte { return append(make([]byte, 31), b) }
	for _, test := range []struct {
		name  string
		spoil func(dir string, o *identity.Options) error
		want  error
	}{
		{"another account", func(_ string, o *identity.Options) error { o.Account = "999999999999"; return nil }, identity.ErrOtherAccount},
		{"no key file", func(_ string, o *identity.Options) error { return os.Remove(o.KeyFile) }, identity.ErrKeyFile},
		{"another key file", func(_ string, o *identity.Options) error {
			return os.WriteFile(o.KeyFile, []byte(base64.StdEncoding.EncodeToString(key(7))), 0o600)
		}, identity.ErrKeyFile},
		{"a key file that is none", func(_ string, o *identity.Options) error { return os.WriteFile(o.KeyFile, []byte("secret"), 0o600) }, identity.ErrKeyFile},
		{"another key from the environment", func(_ string, o *identity.Options) error { o.Key = key(9); return nil }, identity.ErrKeyFile},
		{"a short key from the environment", func(_ string, o *identity.Options) error { o.Key = key(9)[:16]; return nil }, identity.ErrKeyFile},
		{"no key at all", func(_ string, o *identity.Options) error { o.KeyFile = ""; return nil }, identity.ErrKeyFile},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir, o := made(t)
			if err := test.spoil(dir, &o); err != nil {
				t.Fatal(err)
			}
			if g, err := identity.Open(t.Context(), onDisk(dir), o); !errors.Is(err, test.want) {
				t.Errorf("Open = %v, %v, want %v", g, err, test.want)
			}
			// It let go of the data.
			s, err := bolt.Open(dir, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
		})
	}
	for _, number := range []string{"", "12345678901", "12345678901x"} {
		if _, err := identity.Open(t.Context(), inMemory, identity.Options{Account: number}); err == nil {
			t.Errorf("account %q is accepted", number)
		}
	}
}

func TestKeyFileIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := options()
	o.KeyFile = filepath.Join(dir, "ambit.key")
	open(t, onDisk(dir), o)
	info, err := os.Stat(o.KeyFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("the directory has %v, %v; want data and key alone", entries, err)
	}
}

// Two starts that are given one key id for both users cannot both be right.
func TestOneKeyForTwo(t *testing.T) {
	t.Parallel()
	o := options()
	o.Root = identity.StartKey{ID: "shared", Secret: identity.SecretOf("a")}
	o.Admin = identity.StartKey{ID: "shared", Secret: identity.SecretOf("b")}
	var exists *identity.ExistsError
	if _, err := identity.Open(t.Context(), inMemory, o); !errors.As(err, &exists) {
		t.Errorf("Open = %v", err)
	}
}

func TestAddAccount(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	key, err := g.AddAccount(t.Context(), "000000000042", identity.StartKey{})
	if err != nil {
		t.Fatal(err)
	}
	if carried, ok := key.ID.Account(); !ok || carried != "000000000042" {
		t.Errorf("key %s carries %s, %v", key.ID, carried, ok)
	}
	root, err := authenticate(g, noon, key.ID, key.Secret, "")
	if err != nil || root.Principal.ARN != "arn:aws:iam::000000000042:root" {
		t.Errorf("root = %+v, %v", root, err)
	}
	var exists *identity.ExistsError
	if _, err := g.AddAccount(t.Context(), account, identity.StartKey{}); !errors.As(err, &exists) {
		t.Errorf("added twice: %v", err)
	}
}
