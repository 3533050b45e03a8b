package identity

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"golang.org/x/crypto/chacha20poly1305"
)

// A Label keeps the uses of the key ring apart: what is sealed under one opens under no other.
type Label string

// The labels.
const (
	AuthorizationMessages Label = "encoded authorization messages"
	PaginationMarkers     Label = "pagination markers"
	sessionTokens         Label = "session tokens"
	secretsAtRest         Label = "secrets at rest"
	secretNonces          Label = "nonces of secrets at rest"
)

// How long generations serve: a new one is made when the newest is older than a day, and the one before is kept as long as the
// longest session that can have been sealed with it (GetFederationToken and GetSessionToken: 36 hours).
const (
	generationAge  = 24 * time.Hour
	generationKept = 36 * time.Hour
)

const (
	spaceServer store.Space = "server"
	ringKey     string      = "ring"
)

// A ringRecord is the key ring as it is stored: every master wrapped by the key of the key file.
type ringRecord struct {
	Rest        []byte             `json:"rest"` // of the secrets at rest, which outlive generations
	Generations []generationRecord `json:"generations"`
}

type generationRecord struct {
	Number  uint32    `json:"number"`
	Created time.Time `json:"created"`
	Retired time.Time `json:"retired,omitzero"` // when a newer one took over
	Master  []byte    `json:"master"`
}

// A keyRing has the server's master keys in memory.
type keyRing struct {
	rest   cipher.AEAD
	nonces []byte
	wrap   cipher.AEAD
	keys   atomic.Pointer[generations]
}

// generations are the masters that seal what clients carry, the newest last.
type generations []generation

type generation struct {
	number  uint32
	retired time.Time
	aeads   map[Label]cipher.AEAD
}

// openRing reads the key ring, or makes one in a store that has none. file is the key that wraps it: nil says that there was
// none, and then make is called to draw it.
func openRing(ctx context.Context, s store.Store, file []byte, make func() ([]byte, error), now time.Time) (*keyRing, error) {
	var record ringRecord
	var found bool
	err := s.View(ctx, spaceServer, func(r store.Reader) (err error) {
		record, found, err = get[ringRecord](r, ringKey)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case found && file == nil:
		return nil, ErrKeyFile
	case file == nil:
		if file, err = make(); err != nil {
			return nil, err
		}
	}
	g := &keyRing{wrap: gcm(file)}
	if !found {
		record = ringRecord{Rest: g.wrapped(newKey(), "rest")}
	}
	rest, err := g.unwrapped(record.Rest, "rest")
	if err != nil {
		return nil, err
	}
	g.rest, g.nonces = gcm(derive(rest, secretsAtRest)), derive(rest, secretNonces)
	if n := len(record.Generations); n > 0 && now.Sub(record.Generations[n-1].Created) < generationAge {
		return g, g.load(record)
	}
	return g, g.rotate(ctx, s, record, now)
}

// rotate adds a generation, drops those that are of no use any more, and makes that durable before anything is sealed.
func (g *keyRing) rotate(ctx context.Context, s store.Store, record ringRecord, now time.Time) error {
	var number uint32 = 1
	kept := slices.Clone(record.Generations)
	if n := len(kept); n > 0 {
		number = kept[n-1].Number + 1
		kept[n-1].Retired = now
	}
	kept = slices.DeleteFunc(kept, func(k generationRecord) bool {
		return !k.Retired.IsZero() && now.Sub(k.Retired) > generationKept
	})
	record.Generations = append(kept, generationRecord{Number: number, Created: now, Master: g.wrapped(newKey(), generationName(number))})
	if _, err := s.Update(ctx, spaceServer, func(tx store.Tx) error {
		put(tx, ringKey, record)
		return nil
	}); err != nil {
		return err
	}
	return g.load(record)
}

func (g *keyRing) load(record ringRecord) error {
	var all generations
	for _, r := range record.Generations {
		master, err := g.unwrapped(r.Master, generationName(r.Number))
		if err != nil {
			return err
		}
		made := generation{number: r.Number, retired: r.Retired, aeads: map[Label]cipher.AEAD{}}
		for _, label := range []Label{sessionTokens, AuthorizationMessages, PaginationMarkers} {
			aead, err := chacha20poly1305.NewX(derive(master, label))
			if err != nil {
				return err
			}
			made.aeads[label] = aead
		}
		all = append(all, made)
	}
	g.keys.Store(&all)
	return nil
}

func generationName(number uint32) string { return fmt.Sprintf("generation %d", number) }

// newest returns the generation that seals.
func (g *keyRing) newest() generation {
	all := *g.keys.Load()
	return all[len(all)-1]
}

// generation returns the generation of that number if it still opens anything.
func (g *keyRing) generation(number uint32, now time.Time) (generation, bool) {
	for _, k := range *g.keys.Load() {
		if k.number == number {
			return k, k.retired.IsZero() || now.Sub(k.retired) <= generationKept
		}
	}
	return generation{}, false
}

// wrapped encrypts a master for the store; name says which one it is.
func (g *keyRing) wrapped(master []byte, name string) []byte {
	nonce := make([]byte, g.wrap.NonceSize())
	rand.Read(nonce)
	return g.wrap.Seal(nonce, nonce, master, []byte(name))
}

func (g *keyRing) unwrapped(b []byte, name string) ([]byte, error) {
	n := g.wrap.NonceSize()
	if len(b) < n {
		return nil, fmt.Errorf("key ring: %w", ErrDamaged)
	}
	master, err := g.wrap.Open(nil, b[:n], b[n:], []byte(name))
	if err != nil || len(master) != keySize {
		return nil, ErrKeyFile
	}
	return master, nil
}

// sealSecret encrypts the secret of an access key. It is called inside updates, which may run twice, so it draws nothing: the
// nonce is a keyed hash of what is sealed, and only the same secret of the same key ever has the same one.
func (g *keyRing) sealSecret(account string, id AccessKeyID, s Secret) []byte {
	about := secretAbout(account, id)
	h := hmac.New(sha256.New, g.nonces)
	h.Write(about)
	h.Write([]byte(s.Reveal()))
	nonce := h.Sum(nil)[:g.rest.NonceSize()]
	return g.rest.Seal(nonce, nonce, []byte(s.Reveal()), about)
}

func (g *keyRing) openSecret(account string, id AccessKeyID, sealed []byte) (Secret, error) {
	n := g.rest.NonceSize()
	if len(sealed) < n {
		return Secret{}, fmt.Errorf("access key %s: %w", id, ErrDamaged)
	}
	text, err := g.rest.Open(nil, sealed[:n], sealed[n:], secretAbout(account, id))
	if err != nil {
		return Secret{}, fmt.Errorf("access key %s: %w", id, errors.Join(ErrDamaged, err))
	}
	return SecretOf(string(text)), nil
}

func secretAbout(account string, id AccessKeyID) []byte {
	return []byte(account + "\x00" + string(id) + "\x00")
}

// gcm returns AES-256-GCM under a key of the right size.
func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("identity: " + err.Error())
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("identity: " + err.Error())
	}
	return aead
}

func derive(master []byte, label Label) []byte {
	key, err := hkdf.Key(sha256.New, master, nil, "ambit "+string(label), keySize)
	if err != nil {
		panic("identity: " + err.Error())
	}
	return key
}
