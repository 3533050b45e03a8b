package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// A PasswordHash is a password as it is stored: Argon2id with its parameters and a salt of its own, in the usual notation
// $argon2id$v=19$m=…,t=…,p=…$salt$hash. Two hashes of one password differ.
type PasswordHash string

// The parameters of new hashes (RFC 9106; the second choice of OWASP's password storage cheat sheet).
const (
	passwordMemory  = 19 * 1024 // KiB
	passwordPasses  = 2
	passwordThreads = 1
	passwordSalt    = 16
	passwordSize    = 32
)

// maxHashing bounds how many passwords are hashed at a time, and so the memory that takes.
const maxHashing = 4

var passwordEncoding = base64.RawStdEncoding.Strict()

// HashPassword draws a salt and hashes a password. It takes some 20 ms on purpose: call it before an update, not inside.
func (g *Registry) HashPassword(password Secret) PasswordHash {
	var salt [passwordSalt]byte
	rand.Read(salt[:])
	key := g.argon2(password, salt[:], passwordPasses, passwordMemory, passwordThreads)
	return PasswordHash(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, passwordMemory, passwordPasses, passwordThreads,
		passwordEncoding.EncodeToString(salt[:]), passwordEncoding.EncodeToString(key)))
}

// PasswordMatches reports whether a hash is that of the password. It takes as long as HashPassword. A hash that cannot be read
// matches nothing.
func (g *Registry) PasswordMatches(password Secret, hash PasswordHash) bool {
	parts := strings.Split(string(hash), "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return false
	}
	var memory, passes uint32
	var threads uint8
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil || n != 3 || passes == 0 || threads == 0 {
		return false
	}
	salt, err := passwordEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := passwordEncoding.DecodeString(parts[5])
	if err != nil || len(want) != passwordSize {
		return false
	}
	return subtle.ConstantTimeCompare(g.argon2(password, salt, passes, memory, threads), want) == 1
}

func (g *Registry) argon2(password Secret, salt []byte, passes, memory uint32, threads uint8) []byte {
	g.hashing <- struct{}{}
	defer func() { <-g.hashing }()
	return argon2.IDKey([]byte(password.Reveal()), salt, passes, memory, threads, passwordSize)
}
