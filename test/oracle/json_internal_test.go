package oracle

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzReadJSON holds readJSON against encoding/json.
func FuzzReadJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, ` { "a" : [ 1 , -2.50e+3 , true , false , null , "x\"\\\u00e9\ud83d\ude00" ] , "b":{} } `,
		`"größe"`, "\"\xff\"", `{"a":1,"a":2}`, `{"a":[{"b":[[]]}]}`, `[1,]`, `0.10`, ``, `{"\u0061":1,"a":2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := readJSON(text)
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var want any
		wantErr := decoder.Decode(&want)
		if wantErr == nil && decoder.More() {
			return // more than one value
		}
		if wantErr != nil {
			if err == nil {
				t.Fatalf("%q is read as %v, want an error: %v", text, got, wantErr)
			}
			return
		}
		if err != nil {
			return // stricter: members named twice, text behind the value
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", text, diff)
		}
	})
}

func TestReadJSONRefusesMembersNamedTwice(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"a":1,"a":2}`, `[{"b":{"\u0061":1,"a":2}}]`} {
		if got, err := readJSON([]byte(text)); err == nil {
			t.Errorf("%s is read as %v, want an error", text, got)
		}
	}
	if _, err := readJSON([]byte(`{"a":1,"A":2}`)); err != nil {
		t.Errorf("names that differ in case: %v", err)
	}
}
