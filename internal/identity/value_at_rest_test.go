package identity_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
)

func TestValuesAtRest(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	var sealed, again, other []byte
	update(t, g, func(tx identity.Tx) error {
		sealed = tx.SealValue("ssm/a", identity.SecretOf("correct horse"))
		again = tx.SealValue("ssm/a", identity.SecretOf("correct horse"))
		other = tx.SealValue("ssm/b", identity.SecretOf("correct horse"))
		return nil
	})
	if bytes.Contains(sealed, []byte("correct")) || !bytes.Equal(sealed, again) || bytes.Equal(sealed, other) {
		t.Errorf("sealed %x, again %x, under another name %x", sealed, again, other)
	}
	view(t, g, func(r identity.Reader) error {
		if s, err := r.OpenValue("ssm/a", sealed); err != nil || s.Reveal() != "correct horse" {
			t.Errorf("opened: %v %v", s.Reveal(), err)
		}
		if _, err := r.OpenValue("ssm/b", sealed); !errors.Is(err, identity.ErrDamaged) {
			t.Errorf("under another name: %v", err)
		}
		if _, err := r.In("210987654321").OpenValue("ssm/a", sealed); !errors.Is(err, identity.ErrDamaged) {
			t.Errorf("in another account: %v", err)
		}
		return nil
	})
}
