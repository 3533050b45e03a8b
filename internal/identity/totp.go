package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 and every authenticator app use it; as an HMAC it holds
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

// How a virtual MFA device makes its codes (RFC 6238): six digits of HMAC-SHA-1, a new one every thirty seconds.
const (
	codeStep   = 30 * time.Second
	codeDigits = 6
	codeRange  = 1_000_000
)

// How far a device's clock may be off: much when two codes in a row prove where it stands, little when there is but one.
const (
	synchroniseSteps = 20
	codeSteps        = 1
)

// NewMFASeed draws the seed of a virtual MFA device: 320 random bits in base32, as authenticator apps take it.
func NewMFASeed() Secret {
	var b [40]byte
	rand.Read(b[:])
	return SecretOf(base32.StdEncoding.EncodeToString(b[:]))
}

// stepAt is the number of the step in which a time lies.
func stepAt(t time.Time) int64 { return t.Unix() / int64(codeStep/time.Second) }

// codeAt returns the code of a step; an empty one, which nothing equals, for a seed that is none.
func codeAt(seed Secret, step int64) string {
	key, err := base32.StdEncoding.DecodeString(seed.Reveal())
	if err != nil || len(key) == 0 {
		return ""
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac := hmac.New(sha1.New, key)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%0*d", codeDigits, binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%codeRange)
}

func sameCode(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
