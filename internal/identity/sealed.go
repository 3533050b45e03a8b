package identity

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/arn"
	"golang.org/x/crypto/chacha20poly1305"
)

// What clients carry for us is a header, a nonce, and what is sealed:
//
//	version (1), ring generation (4), account (5), kind (1) | nonce (24) | XChaCha20-Poly1305
//
// The header is authenticated with the rest, and the label chooses the key.
const (
	sealedVersion = 1
	headerSize    = 1 + 4 + 5 + 1
)

// errSealed is all that is told about something that does not open.
var errSealed = errors.New("not sealed by this server, or too long ago")

var sealedEncoding = base64.RawURLEncoding.Strict()

// seal encrypts text for the account under the newest generation.
func (g *keyRing) seal(label Label, account string, kind byte, text []byte) string {
	k := g.newest()
	b := make([]byte, headerSize+chacha20poly1305.NonceSizeX, headerSize+chacha20poly1305.NonceSizeX+len(text)+chacha20poly1305.Overhead)
	b[0] = sealedVersion
	binary.BigEndian.PutUint32(b[1:], k.number)
	putAccount(b[5:10], account)
	b[10] = kind
	rand.Read(b[headerSize:])
	b = k.aeads[label].Seal(b, b[headerSize:], text, b[:headerSize:headerSize])
	return sealedEncoding.EncodeToString(b)
}

// open returns what seal was given.
func (g *keyRing) open(label Label, sealed string, now time.Time) (account string, kind byte, text []byte, err error) {
	b, err := sealedEncoding.DecodeString(sealed)
	if err != nil || strings.ContainsAny(sealed, "\r\n") || // which base64 passes over
		len(b) < headerSize+chacha20poly1305.NonceSizeX || b[0] != sealedVersion {
		return "", 0, nil, errSealed
	}
	k, ok := g.generation(binary.BigEndian.Uint32(b[1:]), now)
	if !ok {
		return "", 0, nil, errSealed
	}
	aead, ok := k.aeads[label]
	if !ok {
		return "", 0, nil, errSealed
	}
	body := headerSize + chacha20poly1305.NonceSizeX
	text, err = aead.Open(nil, b[headerSize:body], b[body:], b[:headerSize])
	if err != nil {
		return "", 0, nil, errSealed
	}
	return accountIn(b[5:10]), b[10], text, nil
}

func putAccount(b []byte, account string) {
	n, err := strconv.ParseUint(account, 10, 64)
	if err != nil || !arn.IsAccountID(account) {
		panic("identity: not an account number: " + account)
	}
	b[0] = byte(n >> 32)
	binary.BigEndian.PutUint32(b[1:], uint32(n))
}

func accountIn(b []byte) string {
	n := strconv.FormatUint(uint64(b[0])<<32|uint64(binary.BigEndian.Uint32(b[1:])), 10)
	return "000000000000"[min(12, len(n)):] + n
}

// Seal encrypts a text of ours for an account under a label, so that a client can carry it back but neither read nor change it.
func (g *Registry) Seal(label Label, account string, text []byte) string {
	return g.ring.seal(label, account, 0, text)
}

// OpenSealed returns the text that Seal was given, if it was given that label and account, and not more than a day and a half ago; mostly even if it is twice that.
func (g *Registry) OpenSealed(label Label, account, sealed string) ([]byte, error) {
	of, _, text, err := g.ring.open(label, sealed, g.now())
	if err != nil || of != account {
		return nil, errSealed
	}
	return text, nil
}
