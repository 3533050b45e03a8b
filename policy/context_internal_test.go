package policy

import (
	"slices"
	"testing"
)

// Known keys are told apart by their places alone.
func TestKnownKeys(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted(knownKeys[:]) {
		t.Error("knownKeys is not sorted")
	}
	if len(knownKeys) > 255 {
		t.Error("there are more known keys than places")
	}
	for i, name := range knownKeys {
		if k := NewKey(name); int(k.known) != i+1 || k.folded != name {
			t.Errorf("%q is not known", name)
		}
	}
	if k := NewKey("aws:PrincipalTag/Team"); k.known != 0 {
		t.Error("a tag is known")
	}
}
