package wire_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/wire"
)

// exact is a type that reads and spells itself: any number, as it stands.
type exact struct{ text string }

func (e *exact) ReadJSON(r *wire.JSONReader) (err error) {
	e.text, err = r.Number("Number")
	return err
}

func (e exact) AppendJSON(dst []byte) ([]byte, error) { return append(dst, e.text...), nil }

type kinds struct {
	Text   *string
	Enum   string
	Flag   *bool
	Small  *int32
	Big    int64
	Part   *float64
	At     *time.Time
	Raw    []byte
	List   []string
	Nested []kinds
	Map    map[string][]int32
	Exact  *exact
	Exacts map[string]exact
	Other  *kinds
}

func of[T any](v T) *T { return &v }

func TestJSONStructs(t *testing.T) {
	t.Parallel()
	codec := wire.NewCodec()
	const text = `{"Text":"a\"\u00e9\ud83d\ude00\n/\\","Enum":"ON","Flag":false,"Small":-7,"Big":9007199254740993,"Part":0.5,` +
		`"At":1700000000.123,"Raw":"AAEC","List":["x",""],"Nested":[{"Enum":"A","Big":0}],"Map":{"a":[1,2],"b":[]},` +
		`"Exact":12345678901234567890123456789012345678,"Exacts":{"p":1e-5},"Other":{"Big":0}}`
	want := kinds{
		Text: of("a\"é😀\n/\\"), Enum: "ON", Flag: of(false), Small: of(int32(-7)), Big: 9007199254740993, Part: of(0.5),
		At: of(time.UnixMilli(1700000000123).UTC()), Raw: []byte{0, 1, 2}, List: []string{"x", ""}, Nested: []kinds{{Enum: "A"}},
		Map: map[string][]int32{"a": {1, 2}, "b": {}}, Exact: &exact{"12345678901234567890123456789012345678"},
		Exacts: map[string]exact{"p": {"1e-5"}}, Other: &kinds{},
	}
	var got kinds
	unknown, err := codec.DecodeJSON([]byte(text), &got)
	if err != nil || unknown != nil {
		t.Fatal(unknown, err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(exact{})); diff != "" {
		t.Error(diff)
	}
	spelled, err := codec.AppendJSON(nil, &got)
	if err != nil {
		t.Fatal(err)
	}
	var again kinds
	if _, err := codec.DecodeJSON(spelled, &again); err != nil || cmp.Diff(want, again, cmp.AllowUnexported(exact{})) != "" {
		t.Errorf("%s: %v", spelled, err)
	}
	var nulls kinds
	unknown, err = codec.DecodeJSON([]byte(` {"Text":null,"List":null,"Else":{"a":[1,null,"x",true]},"Other":{"More":1.5e3}} `), &nulls)
	if err != nil || nulls.Text != nil || nulls.List != nil || cmp.Diff(unknown, []string{"Else", "Other.More"}) != "" {
		t.Errorf("%+v, unknown %q, %v", nulls, unknown, err)
	}
	if unknown, err := codec.DecodeJSON([]byte(" \n"), &kinds{}); unknown != nil || err != nil {
		t.Errorf("an empty body: %v %v", unknown, err)
	}
}

func TestJSONStructsRefuse(t *testing.T) {
	t.Parallel()
	codec := wire.NewCodec()
	for text, message := range map[string]string{
		`{"Text":1}`:                          "NUMBER_VALUE cannot be converted to String",
		`{"Text":1.5}`:                        "DECIMAL_VALUE cannot be converted to String",
		`{"Text":true}`:                       "TRUE_VALUE cannot be converted to String",
		`{"Text":{}}`:                         "Start of structure or map found where not expected",
		`{"Text":[]}`:                         "Start of list found where not expected",
		`{"Flag":"x"}`:                        "STRING_VALUE cannot be converted to Boolean",
		`{"Small":"x"}`:                       "STRING_VALUE cannot be converted to Integer",
		`{"Big":false}`:                       "FALSE_VALUE cannot be converted to Long",
		`{"List":"x"}`:                        "Unexpected field type",
		`{"List":{}}`:                         "Start of structure or map found where not expected",
		`{"Map":[]}`:                          "Start of list found where not expected",
		`{"Other":"x"}`:                       "Unexpected field type",
		`{"Small":3000000000}`:                "number out of range",
		`{"Raw":"a"}`:                         "not base64",
		`{"Text":"a","Text":"b"}`:             "duplicate key Text",
		`{"Else":{"a":1,"a":2}}`:              "duplicate key a",
		`{"Text":"a"} x`:                      "text after the object",
		`[]`:                                  "not an object",
		`"x"`:                                 "not an object",
		`{"Text":"a}`:                         "not JSON",
		`{"Text":"\x"}`:                       "not JSON",
		`{"Text":"\u12"}`:                     "not JSON",
		`{"Text":"a\ud800"}`:                  "a surrogate without its other half",
		`{"Text":"\ud83dx\ude00"}`:            "a surrogate without its other half",
		`{"Text":"\ud83d\ud83d\ude00"}`:       "a surrogate without its other half",
		`{"Text":"\ude00\ud83d"}`:             "a surrogate without its other half",
		`{"Else":["\udfff"]}`:                 "a surrogate without its other half",
		"{\"Text\":\"\x01\"}":                 "not JSON",
		`{"Big":01}`:                          "not JSON",
		`{"Big":1.}`:                          "not JSON",
		`{"Big":-}`:                           "not JSON",
		`{"Text":"a",}`:                       "not JSON",
		`{,}`:                                 "not JSON",
		`{"List":["a"`:                        "not JSON",
		`{"List":["a",]}`:                     "not JSON",
		`{"Flag":nulx}`:                       "not JSON",
		"{\"Text\":\"\xff\"}":                 "invalid UTF-8",
		strings.Repeat(`{"Other":`, 200):      "nested too deeply",
		`{"Else":` + strings.Repeat(`[`, 200): "nested too deeply",
	} {
		_, err := codec.DecodeJSON([]byte(text), &kinds{})
		var fault *wire.Fault
		if !errors.As(err, &fault) || fault.Code != "SerializationException" || !strings.Contains(fault.Message, message) {
			t.Errorf("%.60s: %v, want %s", text, err, message)
		}
	}
}

func TestJSONAnswers(t *testing.T) {
	t.Parallel()
	codec := wire.NewCodec()
	at := time.UnixMilli(1700000000500)
	for _, tt := range []struct {
		service string
		output  any
		kind    string
		want    string
	}{
		{"dynamodb", &kinds{Text: of("<é\x00>"), At: &at, Part: of(2.0)}, "application/x-amz-json-1.0",
			`{"Text":"<é\u0000>","Big":0,"Part":2.0,"At":1700000000.5}`},
		{"dynamodb", nil, "application/x-amz-json-1.0", `{}`},
		{"kms", &kinds{Map: map[string][]int32{"z": nil, "a": {1}}}, "application/x-amz-json-1.1", `{"Big":0,"Map":{"a":[1],"z":[]}}`},
		{"lambda", nil, "", ``},
		{"lambda", &kinds{Raw: []byte{0xff}}, "application/json", `{"Big":0,"Raw":"/w=="}`},
	} {
		d, _ := wire.DialectOf(tt.service)
		w := httptest.NewRecorder()
		if err := codec.WriteOutput(w, d, "Some", 200, tt.output, wire.Stamp{RequestID: "id"}); err != nil {
			t.Error(err)
			continue
		}
		if w.Body.String() != tt.want || w.Header().Get("Content-Type") != tt.kind || w.Header().Get("X-Amzn-Requestid") != "id" {
			t.Errorf("%s: %s %v", tt.service, w.Body, w.Header())
		}
	}
	d, _ := wire.DialectOf("dynamodb")
	w := httptest.NewRecorder()
	fault := &wire.Fault{Status: 400, Code: "ConditionalCheckFailedException", Message: "The conditional request failed", Members: []byte(`"Item":{"a":{"S":"b"}}`)}
	if err := wire.NewCodec().WriteFault(w, httptest.NewRequest("POST", "/", nil), d, fault, wire.Stamp{}); err != nil {
		t.Fatal(err)
	}
	if got, want := w.Body.String(), `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed",`+
		`"Item":{"a":{"S":"b"}}}`; got != want {
		t.Error(got)
	}
}

// FuzzDecodeJSON holds that what is read as JSON is JSON to the standard library too, and the other way round but for what is
// stricter on purpose.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"Text":"a"}`, `{"Else":[1,-0.5e+7,"\ud800",null,true,{}]}`, `{"Map":{"a":[1]}}`, `{"a":1`, ``} {
		f.Add([]byte(seed))
	}
	codec := wire.NewCodec()
	f.Fuzz(func(t *testing.T, data []byte) {
		var into struct{ Text *string }
		_, err := codec.DecodeJSON(data, &into)
		var std struct{ Text *string }
		stdErr := json.Unmarshal(data, &std)
		switch {
		case err == nil && len(strings.TrimSpace(string(data))) > 0 && !json.Valid(data):
			t.Errorf("read %q, which is not JSON", data)
		case err == nil && stdErr == nil && into.Text != nil && (std.Text == nil || *std.Text != *into.Text) && !strings.Contains(strings.ToLower(string(data)), `text":null`) && strings.Count(strings.ToLower(string(data)), "text") == 1:
			t.Errorf("%q: read %q", data, *into.Text)
		}
	})
}
