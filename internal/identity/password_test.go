package identity_test

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
)

func TestPasswordsAreHashedWithSalt(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	password := identity.SecretOf("correct horse")
	a, b := g.HashPassword(password), g.HashPassword(password)
	if a == b || !strings.HasPrefix(string(a), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hashes %s and %s", a, b)
	}
	if !g.PasswordMatches(password, a) || !g.PasswordMatches(password, b) || g.PasswordMatches(identity.SecretOf("correct horsf"), a) {
		t.Error("a password matches what it should not, or does not match itself")
	}
	for _, damaged := range []string{
		"", "plain", strings.Replace(string(a), "argon2id", "argon2i", 1), strings.Replace(string(a), "v=19", "v=16", 1),
		strings.Replace(string(a), "t=2", "t=0", 1), strings.Replace(string(a), "p=1", "p=0", 1), string(a)[:len(a)-4],
		strings.Replace(string(a), "m=19456,t=2,p=1", "m=x", 1), string(a) + "$", strings.TrimSuffix(string(a), string(a)[strings.LastIndexByte(string(a), '$')+1:]),
	} {
		if g.PasswordMatches(password, identity.PasswordHash(damaged)) {
			t.Errorf("%q matches", damaged)
		}
	}
}
