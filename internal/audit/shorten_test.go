package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// TestARecordThatIsTooLongIsShortened: a deed with many resources is written down in what a record can hold, and is not refused for it.
func TestARecordThatIsTooLongIsShortened(t *testing.T) {
	t.Parallel()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	decisions := func(n int) (out []audit.Decision) {
		for i := range n {
			out = append(out, audit.Decision{Action: "ec2:CreateTags", Resource: fmt.Sprint("arn:", i), Verdict: "allow",
				Context: map[string][]string{"aws:RequestTag/a": {strings.Repeat("v", 200)}}, Documents: []audit.Document{{PolicyType: "identity"}}})
		}
		return out
	}
	long := map[string]any{"tagSet": strings.Repeat("v", 100<<10)}
	small := map[string]any{"resourcesSet": "i-1"}
	agent := strings.Repeat("a", 64<<10)
	for _, tt := range []struct {
		name              string
		given             audit.Record
		request, response bool // left out
		all               bool // of the decisions
	}{
		{"as they are", audit.Record{RequestParameters: small, ResponseElements: small, Decisions: decisions(500)}, false, false, true},
		{"many decisions", audit.Record{RequestParameters: small, ResponseElements: small, Decisions: decisions(10_000)}, false, false, false},
		{"a long answer", audit.Record{RequestParameters: small, ResponseElements: map[string]any{"a": long, "b": long, "c": long}, Decisions: decisions(9)}, false, true, true},
		{"everything", audit.Record{UserAgent: agent, RequestParameters: map[string]any{"a": long, "b": long, "c": long}, ResponseElements: long, Decisions: decisions(9999)}, true, true, false},
	} {
		var got audit.Record
		size := 0
		_, err := s.Update(context.Background(), "123456789012", func(tx store.Tx) error {
			if err := audit.Write(tx, &tt.given); err != nil {
				return err
			}
			entries := audit.Journal(tx, 1)
			size, got = len(entries[0]), audit.Record{}
			return json.Unmarshal(entries[0], &got)
		})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if omitted := got.RequestParameters["omitted"] == true; omitted != tt.request {
			t.Errorf("%s: request parameters left out: %t", tt.name, omitted)
		}
		if omitted := got.ResponseElements["omitted"] == true; omitted != tt.response {
			t.Errorf("%s: response elements left out: %t", tt.name, omitted)
		}
		kept, asked := len(got.Decisions), len(tt.given.Decisions)
		if kept+got.DecisionsOmitted != asked || kept == 0 || (kept == asked) != tt.all {
			t.Errorf("%s: %d of %d decisions, %d left out", tt.name, kept, asked, got.DecisionsOmitted)
		}
		if size > 256<<10 {
			t.Errorf("%s: %d bytes", tt.name, size)
		}
		if tt.given.DecisionsOmitted != 0 || len(tt.given.Decisions) != asked {
			t.Errorf("%s: the record itself is changed", tt.name)
		}
	}
}

// TestALongRefusalIsShortened: in the log of refusals too, and what was refused is what remains of it.
func TestALongRefusalIsShortened(t *testing.T) {
	t.Parallel()
	log, err := audit.OpenSegments(t.TempDir(), 1<<30, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	var many []audit.Decision
	for i := range 10_000 {
		many = append(many, audit.Decision{Action: "ec2:CreateTags", Resource: fmt.Sprint("arn:", i), Verdict: "allow", Context: map[string][]string{"k": {"v"}}})
	}
	many[9_999].Verdict = "implicit-deny"
	log.Append(&audit.Record{RequestID: "long", Decisions: many})
	found, err := log.Latest(1)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d records, %v", len(found), err)
	}
	var got audit.Record
	if err := json.Unmarshal(found[0], &got); err != nil {
		t.Fatal(err)
	}
	if len(found[0]) > 256<<10 || len(got.Decisions)+got.DecisionsOmitted != 10_000 || got.Decisions[0].Resource != "arn:9999" {
		t.Errorf("%d bytes, %d decisions and %d left out, the first on %s", len(found[0]), len(got.Decisions), got.DecisionsOmitted, got.Decisions[0].Resource)
	}
}
