package tour_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ambit-iam/ambit/ambittest"
	"github.com/ambit-iam/ambit/internal/tour"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ids and times are examples in the documents.
var (
	ids   = regexp.MustCompile(`\b(ANPA|AROA)[A-Z0-9]{17}\b`)
	times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)`)
)

func alike(printed string) string {
	return strings.TrimSpace(times.ReplaceAllString(ids.ReplaceAllString(printed, "${1}…"), "TIME"))
}

func place(t *testing.T) tour.Place {
	t.Helper()
	a := ambittest.Start(t)
	k, err := a.Admin().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tour.Place{Endpoint: a.Endpoint(), Region: a.Region(), AccessKeyID: k.AccessKeyID, SecretAccessKey: k.SecretAccessKey}
}

// TestDocumentsAreTrue plays the documents and compares what is printed with what they say is printed.
func TestDocumentsAreTrue(t *testing.T) {
	t.Parallel()
	documents := tour.Documents()
	var want []string
	for _, d := range documents {
		for _, b := range d.Blocks {
			want = append(want, b.Text+"\n"+alike(b.Printed))
		}
	}
	var got []string
	block, refusals := 0, 0
	for step, err := range tour.Play(t.Context(), place(t), documents...) {
		if err != nil {
			t.Fatal(err)
		}
		if step.Block != block {
			block, got = step.Block, append(got, step.Text+"\n")
		}
		got[len(got)-1] += alike(step.Printed)
		if step.Refused {
			refusals++
		}
		if step.Refused != (step.Why != "") || strings.Count(step.Why, "\n") > 0 {
			t.Errorf("%s: refused %t, why %q", step.Command, step.Refused, step.Why)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the documents (-) and what is printed (+):\n%s", diff)
	}
	if refusals != 10 {
		t.Errorf("%d refusals", refusals)
	}
}
