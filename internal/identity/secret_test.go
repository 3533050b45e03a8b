package identity_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"os"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
)

const marked = "MARKED+SECRET/TEXT"

// Nothing that holds a secret prints it.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	secret := identity.SecretOf(marked)
	o := options()
	o.Root = identity.StartKey{ID: "AKIAROOT", Secret: secret}
	g := open(t, inMemory, o)
	root, err := authenticate(g, noon, "AKIAROOT", secret, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{
		secret, &secret, []identity.Secret{secret}, map[string]identity.Secret{"a": secret}, o, &o, o.Root, g.Start(), root, g,
		struct{ inner identity.Secret }{secret}, identity.Credentials{Secret: secret}, fmt.Errorf("with %v", secret),
	} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(h).Info("message", "value", v)
		}
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		if containsSecret(out.Bytes(), marked) {
			t.Errorf("%T prints its secret", v)
		}
	}
	if secret.Reveal() != marked || secret.IsZero() || !(identity.Secret{}).IsZero() || !identity.SecretOf("").IsZero() {
		t.Error("a secret is not what it was made of")
	}
	if !secret.Equal(identity.SecretOf(marked)) || secret.Equal(identity.SecretOf(marked+"x")) || secret.Equal(identity.Secret{}) {
		t.Error("secrets are compared wrongly")
	}
}

func containsSecret(b []byte, secret string) bool {
	hex := fmt.Sprintf("%x", secret)
	return bytes.Contains(b, []byte(secret)) || bytes.Contains(bytes.ToLower(b), []byte(hex)) ||
		bytes.Contains(b, []byte(base64.StdEncoding.EncodeToString([]byte(secret))[:20]))
}

// No secret is on the disk, neither of keys nor of sessions, and nothing of a session is.
func TestSecretsAtRest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := options()
	o.KeyFile = filepath.Join(dir, "ambit.key")
	g, err := identity.Open(t.Context(), onDisk(dir), o)
	if err != nil {
		t.Fatal(err)
	}
	_, key := createUser(t, g, "ann")
	session := issue(t, g, sessionOf(createRole(t, g, "builder")))
	start := g.Start()
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, bolt.File))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(key.ID)) {
		t.Fatal("the test looks at the wrong file")
	}
	for _, s := range []identity.Secret{start.Root.Secret, start.Admin.Secret, key.Secret, session.Secret, identity.SecretOf(string(session.AccessKeyID) + strings.Repeat(" ", 20))} {
		if containsSecret(data, strings.TrimSpace(s.Reveal())) {
			t.Error("a secret is on the disk")
		}
	}
}

// A sealed secret opens only for its own key in its own account: nobody gains by moving records around.
func TestSealedSecretsCannotBeMoved(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	_, ann := createUser(t, g, "ann")
	_, bob := createUser(t, g, "bob")
	_, err := g.Store().Update(context.Background(), account, func(tx store.Tx) error {
		a, _ := tx.Get("key/" + string(ann.ID))
		b, _ := tx.Get("key/" + string(bob.ID))
		var from, to map[string]any
		if err := json.Unmarshal(a[1:], &from); err != nil {
			return err
		}
		if err := json.Unmarshal(b[1:], &to); err != nil {
			return err
		}
		to["sealed"] = from["sealed"]
		text, err := json.Marshal(to)
		if err != nil {
			return err
		}
		tx.Put("key/"+string(bob.ID), append([]byte{b[0]}, text...))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := authenticate(g, noon, bob.ID, ann.Secret, ""); err == nil {
		t.Error("bob's key opens with ann's secret")
	}
}

// Damaged records refuse.
func TestDamagedRecords(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"user/ann", "role/builder", "document/"} {
		for name, value := range map[string][]byte{"empty": {}, "of another version": []byte("\x02{}"), "no JSON": []byte("\x01{")} {
			g := open(t, inMemory, options())
			_, k := createUser(t, g, "ann")
			role := createRole(t, g, "builder")
			update(t, g, func(tx identity.Tx) error {
				return tx.PutInlinePolicy(identity.UserRef("ann"), "in", document(t, denying("s3:A")))
			})
			if _, err := g.Store().Update(t.Context(), account, func(tx store.Tx) error {
				for found := range store.All(tx, key) {
					tx.Put(found, value)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			_, err := authenticate(g, noon, k.ID, k.Secret, "")
			if key == "role/builder" {
				s := issue(t, g, sessionOf(role))
				_, err = authenticate(g, noon, s.AccessKeyID, s.Secret, s.SessionToken)
			}
			if err == nil {
				t.Errorf("%s %s: accepted", key, name)
			}
		}
	}
}

func TestAccessKeyIDsCarryTheAccount(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"000000000000", "123456789012", "999999999999", "000000000001"} {
		seen := map[identity.AccessKeyID]bool{}
		for range 100 {
			id := identity.NewAccessKeyID(number)
			if got, ok := id.Account(); !ok || got != number || len(id) != 20 || id[:4] != "AKIA" || id.Temporary() {
				t.Fatalf("%s carries %s, %v", id, got, ok)
			}
			if seen[id] {
				t.Fatalf("%s came twice", id)
			}
			seen[id] = true
		}
	}
	for _, id := range []identity.AccessKeyID{"", "AKIA", "my-own-key", "AKIA0000000000000000", "AKIAAAAAAAAAAAAAAAAA", "AKIA777777777777777777777"} {
		if got, ok := id.Account(); ok {
			t.Errorf("%s carries %s", id, got)
		}
	}
	// A published example (how others read the account out of a key id): ASIAY34FZKBOKMUTVV7A belongs to 609629065308.
	if got, ok := identity.AccessKeyID("ASIAY34FZKBOKMUTVV7A").Account(); !ok || got != "609629065308" {
		t.Errorf("the published example carries %s, %v", got, ok)
	}
}

func TestUniqueIDs(t *testing.T) {
	t.Parallel()
	for prefix, draw := range map[string]func() identity.UniqueID{
		"AIDA": identity.NewUserID, "AROA": identity.NewRoleID, "AGPA": identity.NewGroupID, "ANPA": identity.NewPolicyID, "AIPA": identity.NewInstanceProfileID,
	} {
		id := draw()
		if len(id) != 21 || !strings.HasPrefix(string(id), prefix) || strings.Trim(string(id[4:]), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || id == draw() {
			t.Errorf("%s", id)
		}
	}
}
