package audit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/audit"
)

type common struct{ Role, Password *string }

// TestEmbeddedMembers: what inputs share is written down as if each had it itself, and secrets among it are hidden.
func TestEmbeddedMembers(t *testing.T) {
	t.Parallel()
	role, secret := "r", "correct horse"
	var recorder audit.Recorder
	got := recorder.Parameters(&struct {
		Name string
		common
	}{"n", common{&role, &secret}})
	want := map[string]any{"name": "n", "role": "r", "password": audit.Hidden}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
