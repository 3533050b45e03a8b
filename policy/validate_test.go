package policy_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// validationCase is the schema of test/corpus/validation.
type validationCase struct {
	ID, Title, Kind, Document string
	Valid                     bool
	Error, Message            *string
}

func TestValidationCorpus(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../test/corpus/validation/public.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []validationCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		g, ok := policy.ParseGrammar(c.Kind)
		if !ok {
			t.Errorf("%s: unknown kind %q", c.ID, c.Kind)
			continue
		}
		_, err := policy.Check(c.Document, g)
		if c.Valid != (err == nil) {
			t.Errorf("%s (%s): got %v, want valid %v", c.ID, c.Title, err, c.Valid)
			continue
		}
		var e *policy.Error
		if err == nil {
			continue
		}
		if !errors.As(err, &e) {
			t.Errorf("%s: error of type %T", c.ID, err)
			continue
		}
		if c.Error != nil && e.Code != *c.Error {
			t.Errorf("%s (%s): code %q, want %q", c.ID, c.Title, e.Code, *c.Error)
		}
		if c.Message != nil && e.Message != *c.Message {
			t.Errorf("%s (%s): message %q, want %q", c.ID, c.Title, e.Message, *c.Message)
		}
	}
}
