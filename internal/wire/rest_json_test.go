package wire_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/wire"
)

// TestLambdaErrors: the spelling of each is recorded on AWS, or that of the API model.
func TestLambdaErrors(t *testing.T) {
	t.Parallel()
	d, _ := wire.DialectOf("lambda")
	codec := wire.NewCodec()
	for _, c := range []struct {
		fault wire.Fault
		want  string
	}{
		{wire.Fault{Status: 404, Code: "ResourceNotFoundException", Message: "no"}, `{"Type":"User","Message":"no"}`},
		{wire.Fault{Status: 400, Code: "InvalidParameterValueException", Message: "no"}, `{"Type":"User","message":"no"}`},
		{wire.Fault{Status: 400, Code: "ValidationException", Message: "no"}, `{"message":"no"}`},
		{wire.Fault{Status: 403, Code: "AccessDeniedException", Message: "no", AccessDenial: true}, `{"Message":"no"}`},
		{wire.Fault{Status: 500, Code: "ServiceException", Message: "no", Receiver: true}, `{"Type":"Service","Message":"no"}`},
		{wire.Fault{Status: 429, Code: "TooManyRequestsException", Message: "Rate Exceeded.", Members: []byte(`"Reason":"r"`)},
			`{"Type":"User","message":"Rate Exceeded.","Reason":"r"}`},
	} {
		w := httptest.NewRecorder()
		if err := codec.WriteFault(w, httptest.NewRequest(http.MethodGet, "/", nil), d, &c.fault, wire.Stamp{}); err != nil {
			t.Fatal(err)
		}
		if w.Body.String() != c.want || w.Code != c.fault.Status || w.Header().Get("X-Amzn-Errortype") != c.fault.Code {
			t.Errorf("%s: %d %s, want %s", c.fault.Code, w.Code, w.Body, c.want)
		}
	}
}

// TestTagsAsMap: Lambda's tags are a map, and are looked up as any other tags.
func TestTagsAsMap(t *testing.T) {
	t.Parallel()
	want := []wire.Pair{{Key: "a", Value: "1"}, {Key: "b", Value: ""}}
	fromJSON, err := wire.ParseJSON([]byte(`{"Tags":{"b":"","a":"1"},"Numbers":{"n":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	fromStruct := wire.NewCodec().Members(struct {
		Tags    map[string]string
		Numbers map[string]int
	}{map[string]string{"b": "", "a": "1"}, map[string]int{"n": 1}})
	for name, l := range map[string]wire.Lookup{"json": fromJSON, "struct": fromStruct} {
		if got, ok := l.Pairs("Tags"); !ok || !cmp.Equal(got, want) {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
		if got, ok := l.Pairs("Numbers"); ok {
			t.Errorf("%s: numbers are tags: %v", name, got)
		}
	}
}
