package operation_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// Each value has a word of its own, the zero of what must be set is "invalid", and so is what does not exist.
func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		word        func(uint8) fmt.Stringer
		values      uint8 // the last value
		first, last string
		beyond      string
	}{
		{"Mode", func(i uint8) fmt.Stringer { return operation.Mode(i) }, 3, "invalid", "long", "invalid"},
		{"Auth", func(i uint8) fmt.Stringer { return operation.Auth(i) }, 1, "signed", "unsigned", "signed"},
		{"Protocol", func(i uint8) fmt.Stringer { return operation.Protocol(i) }, 6, "invalid", "restXml", "invalid"},
		{"ResourcePolicy", func(i uint8) fmt.Stringer { return operation.ResourcePolicy(i) }, 4, "none", "resource-based policy", "none"},
		{"Naming", func(i uint8) fmt.Stringer { return operation.Naming(i) }, 5, "invalid", "id", "invalid"},
		{"Origin", func(i uint8) fmt.Stringer { return operation.Origin(i) }, 7, "invalid", "service", "invalid"},
		{"Change", func(i uint8) fmt.Stringer { return operation.Change(i) }, uint8(operation.IsUnknown), "invalid", "unknown", "invalid"},
		{"Precondition", func(i uint8) fmt.Stringer { return operation.Precondition(i) }, uint8(operation.Empty), "invalid", "empty", "invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var words []string
			for i := range tt.values + 1 {
				words = append(words, tt.word(i).String())
			}
			if words[0] != tt.first || words[tt.values] != tt.last {
				t.Errorf("first %q, last %q; want %q, %q", words[0], words[tt.values], tt.first, tt.last)
			}
			if slices.Sort(words); len(slices.Compact(words)) != int(tt.values)+1 {
				t.Errorf("some values share a word: %q", words)
			}
			if got := tt.word(tt.values + 1).String(); got != tt.beyond {
				t.Errorf("beyond the last: %q, want %q", got, tt.beyond)
			}
		})
	}
}
