package policy

import (
	"slices"
	"testing"
)

// Known keys are told apart by their hashes alone.
func TestKnownKeysDiffer(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted(knownKeys[:]) {
		t.Error("knownKeys is not sorted")
	}
	seen := make(map[uint32]string)
	for _, name := range knownKeys {
		k := NewKey(name)
		if !k.known || k.folded != name {
			t.Errorf("%q is not known", name)
		}
		if other, clash := seen[k.hash]; clash {
			t.Errorf("%q and %q have the same hash", name, other)
		}
		seen[k.hash] = name
	}
}
