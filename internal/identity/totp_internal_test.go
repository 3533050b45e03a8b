package identity

import (
	"encoding/base32"
	"testing"
	"time"
)

// TestCodesAreThoseOfTheStandard holds the last six digits of RFC 6238, appendix B, SHA1.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	t.Parallel()
	seed := SecretOf(base32.StdEncoding.EncodeToString([]byte("12345678901234567890")))
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := codeAt(seed, stepAt(time.Unix(seconds, 0))); got != want {
			t.Errorf("%d: %s, want %s", seconds, got, want)
		}
	}
	if sameCode(codeAt(SecretOf("no base32!"), 1), "") || sameCode(codeAt(Secret{}, 1), "") {
		t.Error("a damaged seed has a code")
	}
}
