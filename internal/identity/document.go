package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"unicode"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// A Digest names a policy document by its content: SHA-256 in unpadded base64url. A policy that is deleted and made anew has
// the same ARN and version number again; its documents have other digests.
type Digest string

// DigestOf returns the digest of a document's text.
func DigestOf(text string) Digest {
	sum := sha256.Sum256([]byte(text))
	return Digest(base64.RawURLEncoding.EncodeToString(sum[:]))
}

func documentKey(d Digest) string { return "document/" + string(d) }

// Text returns the document with that digest.
func (r Reader) Text(d Digest) (string, error) {
	_, text, err := readDocument(r.store, d)
	return text, err
}

func readDocument(r store.Reader, d Digest) (holders uint64, text string, err error) {
	b, ok := r.Get(documentKey(d))
	if !ok {
		return 0, "", fmt.Errorf("document %s: %w: missing", d, ErrDamaged)
	}
	if len(b) < 2 || b[0] != recordVersion {
		return 0, "", fmt.Errorf("document %s: %w: unknown version", d, ErrDamaged)
	}
	holders, n := binary.Uvarint(b[1:])
	if n <= 0 {
		return 0, "", fmt.Errorf("document %s: %w: no holders", d, ErrDamaged)
	}
	return holders, string(b[1+n:]), nil
}

func writeDocument(tx store.Tx, d Digest, holders uint64, text string) {
	b := binary.AppendUvarint([]byte{recordVersion}, holders)
	tx.Put(documentKey(d), append(b, text...))
}

// hold stores a text, or counts one more holder of it.
func (t Tx) hold(text string) (Digest, error) {
	d := DigestOf(text)
	if _, ok := t.tx.Get(documentKey(d)); !ok {
		writeDocument(t.tx, d, 1, text)
		return d, nil
	}
	holders, _, err := readDocument(t.tx, d)
	if err != nil {
		return "", err
	}
	writeDocument(t.tx, d, holders+1, text)
	return d, nil
}

// release undoes hold; the last holder takes the text along.
func (t Tx) release(d Digest) error {
	holders, text, err := readDocument(t.tx, d)
	if err != nil {
		return err
	}
	if holders <= 1 {
		t.tx.Delete(documentKey(d))
		return nil
	}
	writeDocument(t.tx, d, holders-1, text)
	return nil
}

// compiled returns the document with that digest, compiled; its text is read only if it is not in the cache.
func (r Reader) compiled(d Digest) (Compiled, error) {
	return r.registry.documents.Get(d, func() (string, error) { return r.Text(d) })
}

// sizeOf counts a document as the quotas do: characters, white space left out ("IAM and AWS STS quotas").
func sizeOf(document *policy.Document) int {
	n := 0
	for _, c := range document.Text() {
		if !unicode.IsSpace(c) {
			n++
		}
	}
	return n
}
