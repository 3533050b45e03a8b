package tour

import (
	"strings"
	"testing"
)

// TestWhatTheTourDoesNotTakeIsRefused, before anything is sent.
func TestWhatTheTourDoesNotTakeIsRefused(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"iam", "iam delete-user --user-name Ada", "iam list-users word", "iam list-users --output table",
		"iam list-users --region a --region b", "s3 ls --recursive", "s3 ls s3://bucket", "iam create-policy --policy-document file://none",
	} {
		p := &player{place: Place{Endpoint: "http://127.0.0.1:1"}}
		got, err := p.awsCommand(t.Context(), strings.Fields(command), newShell(p.program))
		if err == nil || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("aws %s: %q, %v", command, got, err)
		}
	}
}
