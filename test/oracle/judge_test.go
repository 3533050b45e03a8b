package oracle_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/test/oracle"
	"github.com/google/go-cmp/cmp"
)

// readVectors reads the evaluation corpus. Unknown fields fail, so that nothing in
// a vector can be overlooked.
func readVectors(t *testing.T) map[string][]oracle.Case {
	t.Helper()
	files, err := filepath.Glob("../corpus/vectors/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no vectors")
	}
	all := map[string][]oracle.Case{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		var cases []oracle.Case
		if err := decoder.Decode(&cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(cases) == 0 {
			t.Fatalf("%s: no vectors", file)
		}
		all[filepath.Base(file)] = cases
	}
	return all
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for file, cases := range readVectors(t) {
		for _, c := range cases {
			t.Run(c.ID, func(t *testing.T) {
				t.Parallel()
				got, err := oracle.Judge(c)
				if err != nil {
					t.Fatal(err)
				}
				differs := t.Errorf
				if c.Confidence != "documented" {
					differs = t.Logf
				}
				for _, d := range differences(got, c.Expect) {
					differs("%s: %s (%s): %s", file, c.ID, c.Title, d)
				}
			})
		}
	}
}

// differences lists where a verdict is not the expected one. A vector may accept
// several policy types and several wordings.
func differences(got oracle.Verdict, want oracle.Expect) []string {
	var list []string
	compare := func(what, got string, accepted ...string) {
		if !slices.Contains(accepted, got) {
			list = append(list, what+": got "+got+", want "+accepted[0])
		}
	}
	texts := func(preferred oracle.Nullable, others []oracle.Nullable) []string {
		accepted := []string{string(preferred)}
		for _, other := range others {
			accepted = append(accepted, string(other))
		}
		return accepted
	}
	compare("decision", got.Decision, want.Decision)
	compare("deciding policy type", got.DecidingPolicyType, texts(want.DecidingPolicyType, want.DecidingAny)...)
	compare("message", got.Message, texts(want.Message, want.MessageAny)...)
	if want.MessageWithARN != "" {
		compare("message with ARN", got.MessageWithARN, want.MessageWithARN)
	}
	return list
}

func TestCaseKeepsItsMeaning(t *testing.T) {
	t.Parallel()
	for file, cases := range readVectors(t) {
		text, err := os.ReadFile(filepath.Join("../corpus/vectors", file))
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(cases)
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s changes on the way (-before +after):\n%s", file, diff)
		}
	}
}
