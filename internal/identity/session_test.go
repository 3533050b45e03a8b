package identity_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

const trustAnyone = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}`

func createRole(t testing.TB, g *identity.Registry, name string) identity.Role {
	t.Helper()
	var made identity.Role
	id := identity.NewRoleID()
	update(t, g, func(tx identity.Tx) (err error) {
		made, err = tx.CreateRole(identity.Role{Entity: identity.Entity{Name: name, ID: id, Created: noon}}, document(t, trustAnyone))
		return err
	})
	return made
}

func createUser(t testing.TB, g *identity.Registry, name string) (identity.User, identity.StartKey) {
	t.Helper()
	var made identity.User
	id, key := identity.NewUserID(), identity.StartKey{ID: identity.NewAccessKeyID(account), Secret: identity.NewSecret()}
	update(t, g, func(tx identity.Tx) (err error) {
		if made, err = tx.CreateUser(identity.User{Entity: identity.Entity{Name: name, ID: id, Created: noon}}); err != nil {
			return err
		}
		_, err = tx.CreateAccessKey(identity.AccessKey{ID: key.ID, User: name, Created: noon}, key.Secret)
		return err
	})
	return made, key
}

func sessionOf(role identity.Role) identity.Session {
	return identity.Session{
		Kind: identity.AssumedRole, Account: account, PrincipalName: role.Name, PrincipalARN: role.ARN, PrincipalID: role.ID,
		Name: "work", Issued: noon, Expires: noon.Add(time.Hour),
	}
}

func issue(t testing.TB, g *identity.Registry, s identity.Session) identity.Credentials {
	t.Helper()
	c, _, err := g.Issue(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSessionKinds(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	role := createRole(t, g, "Builder")
	user, _ := createUser(t, g, "Ann")
	times := func(s identity.Session) identity.Session {
		s.Account, s.Issued, s.Expires = account, noon, noon.Add(time.Hour)
		return s
	}
	full := sessionOf(role)
	full.Policy, full.PolicyARNs = allowAll, []string{administratorAccess}
	full.Tags = []identity.Tag{{Key: "Team", Value: "a"}, {Key: "Cost", Value: "1"}}
	full.TransitiveKeys, full.SourceIdentity, full.MFA, full.Chained, full.Provider = []string{"team"}, "ann", noon.Add(-time.Minute), true, "idp"
	for _, test := range []struct {
		name    string
		session identity.Session
		want    policy.Principal
		userID  string
	}{
		{"role", sessionOf(role), policy.Principal{
			Type: policy.RoleSession, ARN: "arn:aws:sts::123456789012:assumed-role/Builder/work", Account: account, ID: string(role.ID), RoleARN: role.ARN,
		}, string(role.ID) + ":work"},
		{"role with everything", full, policy.Principal{
			Type: policy.RoleSession, ARN: "arn:aws:sts::123456789012:assumed-role/Builder/work", Account: account, ID: string(role.ID), RoleARN: role.ARN,
		}, string(role.ID) + ":work"},
		{"token of a user", times(identity.Session{Kind: identity.SessionToken, PrincipalName: user.Name, PrincipalARN: user.ARN, PrincipalID: user.ID}), policy.Principal{
			Type: policy.User, ARN: user.ARN, Account: account, ID: string(user.ID),
		}, string(user.ID)},
		{"token of root", times(identity.Session{Kind: identity.SessionToken, PrincipalARN: "arn:aws:iam::123456789012:root"}), policy.Principal{
			Type: policy.RootUser, ARN: "arn:aws:iam::123456789012:root", Account: account,
		}, account},
		{"federated", times(identity.Session{Kind: identity.FederationToken, PrincipalName: user.Name, PrincipalARN: user.ARN, PrincipalID: user.ID, Name: "bob"}), policy.Principal{
			Type: policy.FederatedUser, ARN: "arn:aws:sts::123456789012:federated-user/bob", Account: account, ID: string(user.ID), UserARN: user.ARN,
		}, account + ":bob"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			k := issue(t, g, test.session)
			for range 2 { // sealed, and from the cache
				c, err := authenticate(g, noon, k.AccessKeyID, k.Secret, k.SessionToken)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, c.Principal); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(&test.session, c.Session, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("session: %s", diff)
				}
				if c.UserID() != test.userID || c.LongTerm() {
					t.Errorf("user id %s, want %s; long term %v", c.UserID(), test.userID, c.LongTerm())
				}
			}
		})
	}
	c, err := g.Assume(full)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]identity.Tag{{Key: "Team", Value: "a"}}, c.TransitiveTags()); diff != "" {
		t.Errorf("transitive tags: %s", diff)
	}
	if c.SourceIdentity() != "ann" || c.AccessKeyID != "" {
		t.Errorf("caller = %+v", c)
	}
}

func TestSessionIsRefused(t *testing.T) {
	t.Parallel()
	g, other := open(t, inMemory, options()), open(t, inMemory, options())
	role := createRole(t, g, "builder")
	_, key := createUser(t, g, "ann")
	k, k2 := issue(t, g, sessionOf(role)), issue(t, g, sessionOf(role))
	foreign := issue(t, other, sessionOf(role))
	for _, test := range []struct {
		name   string
		now    time.Time
		id     identity.AccessKeyID
		secret identity.Secret
		token  string
		want   identity.CredentialFault
	}{
		{"accepted a second before the end", noon.Add(time.Hour - time.Second), k.AccessKeyID, k.Secret, k.SessionToken, 0},
		{"expired", noon.Add(time.Hour), k.AccessKeyID, k.Secret, k.SessionToken, identity.TokenExpired},
		{"of another key", noon, k2.AccessKeyID, k2.Secret, k.SessionToken, identity.TokenInvalid},
		{"of another server", noon, foreign.AccessKeyID, foreign.Secret, foreign.SessionToken, identity.TokenInvalid},
		{"cut short", noon, k.AccessKeyID, k.Secret, k.SessionToken[:len(k.SessionToken)-2], identity.TokenInvalid},
		{"with more behind it", noon, k.AccessKeyID, k.Secret, k.SessionToken + "AA", identity.TokenInvalid},
		{"no token", noon, k.AccessKeyID, k.Secret, "", identity.TokenMissing},
		{"with a long-term key", noon, key.ID, key.Secret, k.SessionToken, identity.TokenUnexpected},
		{"unknown key", noon, identity.NewAccessKeyID(account), k.Secret, "", identity.UnknownKey},
		{"a key of no shape", noon, "x", k.Secret, "", identity.UnknownKey},
	} {
		_, err := authenticate(g, test.now, test.id, test.secret, test.token)
		if test.want == 0 && err != nil || test.want != 0 && fault(err) != test.want {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	// An expired token does not tell so to who has not its secret.
	if _, err := authenticate(g, noon.Add(2*time.Hour), k.AccessKeyID, k2.Secret, k.SessionToken); !errors.Is(err, errSignature) {
		t.Errorf("expired, wrong secret: %v", err)
	}
}

// No byte of a token may be changed.
func TestTokenIsSealed(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	k := issue(t, g, sessionOf(createRole(t, g, "builder")))
	for i := range len(k.SessionToken) {
		b := []byte(k.SessionToken)
		b[i] = "AB"[b2i(b[i] == 'A')]
		if _, err := authenticate(g, noon, k.AccessKeyID, k.Secret, string(b)); fault(err) != identity.TokenInvalid {
			t.Fatalf("character %d of %d: %v", i, len(b), err)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func FuzzSessionToken(f *testing.F) {
	g := open(f, inMemory, options())
	k := issue(f, g, sessionOf(createRole(f, g, "builder")))
	f.Add("")
	f.Add(k.SessionToken)
	f.Add(strings.Repeat("A", 200))
	f.Add("AQAAAAE")
	f.Add(k.SessionToken + "\n")
	f.Fuzz(func(t *testing.T, token string) {
		_, err := authenticate(g, noon, k.AccessKeyID, k.Secret, token)
		if token == k.SessionToken {
			if err != nil {
				t.Fatal(err)
			}
		} else if fault(err) != identity.TokenInvalid && fault(err) != identity.TokenMissing {
			t.Fatalf("%q: %v", token, err)
		}
	})
}

// Whatever is deleted and made anew under its name does not revive what was bound to it.
func TestRecreatedPrincipals(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	role := createRole(t, g, "builder")
	k := issue(t, g, sessionOf(role))
	held, err := authenticate(g, noon, k.AccessKeyID, k.Secret, k.SessionToken)
	if err != nil {
		t.Fatal(err)
	}
	wantGone := func(what string) {
		t.Helper()
		if _, err := authenticate(g, noon, k.AccessKeyID, k.Secret, k.SessionToken); fault(err) != identity.PrincipalGone {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := g.Policies(t.Context(), nil, held); fault(err) != identity.PrincipalGone {
			t.Errorf("%s, with a caller from before: %v", what, err)
		}
	}
	update(t, g, func(tx identity.Tx) error { return tx.DeleteRole("BUILDER") })
	wantGone("deleted")
	createRole(t, g, "builder")
	wantGone("made anew")

	_, key := createUser(t, g, "ann")
	update(t, g, func(tx identity.Tx) error {
		if err := tx.DeleteAccessKey(key.ID); err != nil {
			return err
		}
		return tx.DeleteUser("ann")
	})
	createUser(t, g, "ann")
	if _, err := authenticate(g, noon, key.ID, key.Secret, ""); fault(err) != identity.UnknownKey {
		t.Errorf("key of the former user: %v", err)
	}
}

func TestInactiveKey(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	_, key := createUser(t, g, "ann")
	for _, active := range []bool{true, false, true} {
		update(t, g, func(tx identity.Tx) error { return tx.SetAccessKeyActive(key.ID, active) })
		_, err := authenticate(g, noon, key.ID, key.Secret, "")
		if active && err != nil || !active && fault(err) != identity.InactiveKey {
			t.Errorf("active %v: %v", active, err)
		}
	}
	if _, err := authenticate(g, noon, key.ID, identity.NewSecret(), ""); !errors.Is(err, errSignature) {
		t.Errorf("wrong secret: %v", err)
	}
}

func TestPackedSize(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	role := createRole(t, g, "builder")
	s := sessionOf(role)
	if _, packed, err := g.Issue(s); packed != 0 || err != nil {
		t.Errorf("without policies and tags: %d%%, %v", packed, err)
	}
	s.Policy = allowAll
	_, little, err := g.Issue(s)
	if err != nil || little < 1 || little > 100 {
		t.Errorf("with a policy: %d%%, %v", little, err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	last := 0
	for i := range 50 {
		var value strings.Builder
		for range 128 {
			fmt.Fprintf(&value, "%c", 'a'+random.IntN(26))
		}
		s.Tags = append(s.Tags, identity.Tag{Key: fmt.Sprint("key", i), Value: value.String()})
		_, packed, err := g.Issue(s)
		if packed < last {
			t.Fatalf("%d tags: %d%%, fewer had %d%%", len(s.Tags), packed, last)
		}
		if (packed > 100) != errors.Is(err, identity.ErrPackedTooLarge) || err != nil && packed <= 100 {
			t.Fatalf("%d tags: %d%%, %v", len(s.Tags), packed, err)
		}
		last = packed
	}
	if last <= 100 {
		t.Errorf("50 random tags fill %d%%", last)
	}
}

// Whatever a session is, its token says the same.
func TestTokenRoundTrip(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	role := createRole(t, g, "builder")
	text := rapid.StringMatching(`[\w+=,.@-]{0,30}`)
	rapid.Check(t, func(t *rapid.T) {
		s := sessionOf(role)
		s.Name = rapid.StringMatching(`[\w+=,.@-]{2,64}`).Draw(t, "name")
		s.SourceIdentity, s.Provider, s.Chained = text.Draw(t, "source"), text.Draw(t, "provider"), rapid.Bool().Draw(t, "chained")
		for range rapid.IntRange(0, 30).Draw(t, "tags") {
			s.Tags = append(s.Tags, identity.Tag{Key: text.Draw(t, "key"), Value: rapid.StringN(0, 40, 100).Draw(t, "value")})
		}
		k, _, err := g.Issue(s)
		if errors.Is(err, identity.ErrPackedTooLarge) {
			return
		}
		c, err := authenticate(g, noon, k.AccessKeyID, k.Secret, k.SessionToken)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&s, c.Session, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Tokens survive a restart and one rotation, and not the end of the old generation.
func TestKeyRingIsDurable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := noon
	o := options()
	o.KeyFile, o.Now = filepath.Join(dir, "ambit.key"), func() time.Time { return now }
	g, err := identity.Open(t.Context(), onDisk(dir), o)
	if err != nil {
		t.Fatal(err)
	}
	s := sessionOf(createRole(t, g, "builder"))
	s.Expires = noon.Add(30 * 24 * time.Hour)
	k := issue(t, g, s)
	marker := g.Seal(identity.PaginationMarkers, account, []byte("after x"))
	_, key := createUser(t, g, "ann")
	g.Close()

	restart := func(at time.Time) *identity.Registry {
		now = at
		return open(t, onDisk(dir), o)
	}
	g = restart(noon.Add(time.Hour))
	if _, err := authenticate(g, now, k.AccessKeyID, k.Secret, k.SessionToken); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	if text, err := g.OpenSealed(identity.PaginationMarkers, account, marker); err != nil || string(text) != "after x" {
		t.Errorf("marker: %q, %v", text, err)
	}
	if _, err := g.OpenSealed(identity.AuthorizationMessages, account, marker); err == nil {
		t.Error("a marker opens as a message")
	}
	if _, err := g.OpenSealed(identity.PaginationMarkers, "000000000000", marker); err == nil {
		t.Error("a marker opens for another account")
	}
	if err := g.RotateKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	rotated := now
	for _, step := range []struct {
		after time.Duration
		want  identity.CredentialFault
	}{{36 * time.Hour, 0}, {36*time.Hour + time.Second, identity.TokenInvalid}} {
		g.Close()
		g = restart(rotated.Add(step.after))
		if _, err := authenticate(g, now, k.AccessKeyID, k.Secret, k.SessionToken); fault(err) != step.want {
			t.Errorf("%v after the rotation: %v", step.after, err)
		}
	}
	g.Close()
	g = restart(noon.Add(60 * 24 * time.Hour))
	if _, err := authenticate(g, now, key.ID, key.Secret, ""); err != nil {
		t.Errorf("a secret at rest, generations later: %v", err)
	}
}
