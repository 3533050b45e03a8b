package identity_test

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/identity"
)

// TestAccountOfAKeyIsThatOfItsBytes holds that an id is read as base32 is: 80 bits, the first of them set and the next 40 the account.
func TestAccountOfAKeyIsThatOfItsBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.Custom(func(t *rapid.T) string {
				return "AKIA" + base32.StdEncoding.EncodeToString(rapid.SliceOfN(rapid.Byte(), 10, 10).Draw(t, "bytes"))
			}),
			rapid.StringMatching("A[KS]IA[A-Z0-9=a-z]{16}"), rapid.StringN(0, 24, 24)).Draw(t, "id")
		want, carries := "", false
		if len(text) == 20 {
			b, err := base32.StdEncoding.DecodeString(text[4:])
			if err == nil && len(b) == 10 && b[0] >= 0x80 {
				n := binary.BigEndian.Uint64(b) << 1 >> 24
				want, carries = fmt.Sprintf("%012d", n), n <= 999999999999
			}
		}
		if !carries {
			want = ""
		}
		if got, ok := identity.AccessKeyID(text).Account(); got != want || ok != carries {
			t.Fatalf("%q: %q, %v; want %q, %v", text, got, ok, want, carries)
		}
	})
}
