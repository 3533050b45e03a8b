package identity

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"time"
)

// maxPacked is the size over which the sealed part of a session token is refused, compressed ("AssumeRole", STS API Reference:
// PackedPolicySize; AWS does not publish its own number).
const maxPacked = 4096

// maxUnpacked bounds what a token may unpack to. Nobody but us makes tokens; a mistake of ours shall not fill the memory.
const maxUnpacked = 1 << 20

// A tokenText is what is sealed into a session token besides account and kind. The names are short because of the limit.
type tokenText struct {
	Key       AccessKeyID `json:"k"`
	Secret    string      `json:"s"`
	Principal string      `json:"p,omitempty"` // name
	ARN       string      `json:"a,omitempty"`
	ID        UniqueID    `json:"i,omitempty"`
	Name      string      `json:"n,omitempty"`
	Policy    string      `json:"d,omitempty"`
	ARNs      []string    `json:"m,omitempty"`
	Tags      []Tag       `json:"t,omitempty"`
	Keys      []string    `json:"x,omitempty"`
	Source    string      `json:"o,omitempty"`
	MFA       int64       `json:"f,omitempty"` // times in milliseconds
	Chained   bool        `json:"c,omitempty"`
	Provider  string      `json:"v,omitempty"`
	Delivery  []Tag       `json:"w,omitempty"`
	Issued    int64       `json:"b"`
	Expires   int64       `json:"e"`
}

// sealToken makes the session token of s. packed is the percentage of the room that is used.
func (g *keyRing) sealToken(s *Session, id AccessKeyID, secret Secret) (token string, packed int, err error) {
	text, err := json.Marshal(tokenText{
		Key: id, Secret: secret.Reveal(), Principal: s.PrincipalName, ARN: s.PrincipalARN, ID: s.PrincipalID, Name: s.Name,
		Policy: s.Policy, ARNs: s.PolicyARNs, Tags: s.Tags, Keys: s.TransitiveKeys, Source: s.SourceIdentity,
		MFA: millis(s.MFA), Chained: s.Chained, Provider: s.Provider, Delivery: s.Delivery, Issued: millis(s.Issued),
		Expires: millis(s.Expires),
	})
	if err != nil {
		return "", 0, err
	}
	text = pack(text)
	packed = (100*len(text) + maxPacked - 1) / maxPacked
	if len(text) > maxPacked {
		return "", packed, ErrPackedTooLarge
	}
	return g.seal(sessionTokens, s.Account, byte(s.Kind), text), packed, nil
}

// openToken reads a session token. It does not look at the time of expiry.
func (g *keyRing) openToken(token string, now time.Time) (s *Session, id AccessKeyID, secret Secret, err error) {
	account, kind, text, err := g.open(sessionTokens, token, now)
	if err != nil {
		return nil, "", Secret{}, err
	}
	if text, err = unpack(text); err != nil {
		return nil, "", Secret{}, err
	}
	var t tokenText
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, "", Secret{}, err
	}
	s = &Session{
		Kind: SessionKind(kind), Account: account, PrincipalName: t.Principal, PrincipalARN: t.ARN, PrincipalID: t.ID, Name: t.Name,
		Policy: t.Policy, PolicyARNs: t.ARNs, Tags: t.Tags, TransitiveKeys: t.Keys, SourceIdentity: t.Source,
		MFA: fromMillis(t.MFA), Chained: t.Chained, Provider: t.Provider, Delivery: t.Delivery, Issued: fromMillis(t.Issued),
		Expires: fromMillis(t.Expires),
	}
	return s, t.Key, SecretOf(t.Secret), nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// The first byte of what is packed says whether the rest is compressed. Most sessions have no policies and few tags, and are
// opened faster as they are.
const (
	plain      = 0
	deflated   = 1
	worthwhile = 512
)

func pack(text []byte) []byte {
	if len(text) < worthwhile {
		return append([]byte{plain}, text...)
	}
	var b bytes.Buffer
	b.WriteByte(deflated)
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic("identity: " + err.Error()) // a buffer takes everything
	}
	return b.Bytes()
}

func unpack(b []byte) ([]byte, error) {
	switch {
	case len(b) == 0:
		return nil, errSealed
	case b[0] == plain:
		return b[1:], nil
	case b[0] != deflated:
		return nil, errSealed
	}
	r := flate.NewReader(bytes.NewReader(b[1:]))
	text, err := io.ReadAll(io.LimitReader(r, maxUnpacked+1))
	if err != nil || len(text) > maxUnpacked {
		return nil, errSealed
	}
	return text, nil
}
