package identity

import (
	"crypto/subtle"
	"log/slog"
)

// A Secret is a secret access key. It prints, logs and marshals as nothing; Reveal is the one way to its text.
//
// The text is behind a pointer because fmt prints the unexported fields of a struct without asking their methods.
type Secret struct{ text *string }

// SecretOf makes a Secret of its text.
func SecretOf(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text. Whoever calls it answers for where the text goes.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text == nil }

// Equal compares two secrets in a time that does not depend on where they differ.
func (s Secret) Equal(t Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(t.Reveal())) == 1
}

const hidden = "identity.Secret(hidden)"

// String hides the secret.
func (Secret) String() string { return hidden }

// GoString hides the secret.
func (Secret) GoString() string { return hidden }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the secret, so that no encoder writes it by accident.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
