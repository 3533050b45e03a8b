package sigv4_test

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

// TestIsRegion: one name of a region has one spelling. Policies compare aws:RequestedRegion with case, so another spelling would
// slip past a Deny.
func TestIsRegion(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"us-east-1", "eu-west-1", "us-gov-east-1", "aws-global", "us-iso-east-1", "mx-central-1"} {
		if !sigv4.IsRegion(name) {
			t.Errorf("%q is refused", name)
		}
	}
	for _, name := range []string{
		"", "EU-WEST-1", "Eu-West-1", "eu_west_1", "eu-west-1-", "-eu-west-1", "eu--west-1", "x", "useast1", "1-eu", "eu1-west", "eu-west-1 ",
		"eu-wést-1", "eu-west-1\n", "eu/west/1", "*-1", strings.Repeat("a-", 60) + "a",
	} {
		if sigv4.IsRegion(name) {
			t.Errorf("%q is a region", name)
		}
	}
}
