package conformance_test

import (
	"net/http"
	"strings"
	"testing"
)

// tiny is a model with one operation of every kind of shape.
func tiny() *model {
	least := 2.0
	m := &model{
		Operations: map[string]modelOperation{"GetThing": {Errors: []reference{{Shape: "Gone"}}}},
		Shapes: map[string]shape{
			"Out": {Type: "structure", Required: []string{"Name"}, Members: map[string]reference{
				"Name": {Shape: "name"}, "Color": {Shape: "color"}, "When": {Shape: "when"}, "Size": {Shape: "size"}, "On": {Shape: "on"},
				"Tags": {Shape: "names"}, "Counts": {Shape: "counts"}, "Raw": {Shape: "raw"},
			}},
			"name": {Type: "string", Min: &least, Pattern: `[\w]+`}, "color": {Type: "string", Enum: []string{"red"}}, "when": {Type: "timestamp"},
			"size": {Type: "integer"}, "on": {Type: "boolean"}, "raw": {Type: "blob"}, "names": {Type: "list", Member: reference{Shape: "name"}},
			"counts": {Type: "map", Key: reference{Shape: "name"}, Value: reference{Shape: "size"}},
			"Gone": {Type: "structure", Error: &struct {
				Code           string `json:"code"`
				HTTPStatusCode int    `json:"httpStatusCode"`
			}{"NoSuchThing", 404}},
		},
	}
	m.Metadata.XMLNamespace = "https://thing/"
	o := m.Operations["GetThing"]
	o.Output = &struct {
		Shape         string `json:"shape"`
		ResultWrapper string `json:"resultWrapper"`
	}{"Out", "GetThingResult"}
	m.Operations["GetThing"] = o
	return m
}

const someID = "01234567-89ab-cdef-0123-456789abcdef"

// TestJudge proves that the judgement finds every kind of difference.
func TestJudge(t *testing.T) {
	t.Parallel()
	answer := func(result string) string {
		return `<GetThingResponse xmlns="https://thing/"><GetThingResult>` + result + `</GetThingResult><ResponseMetadata><RequestId>` + someID +
			`</RequestId></ResponseMetadata></GetThingResponse>`
	}
	refused := func(kind, code string) string {
		return `<ErrorResponse xmlns="https://thing/"><Error><Type>` + kind + `</Type><Code>` + code + `</Code><Message>m</Message></Error><RequestId>` +
			someID + `</RequestId></ErrorResponse>`
	}
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   string // part of the complaint; "" for none
	}{
		{"all of it", 200, answer(`<Name>ab</Name><Color>red</Color><When>2026-11-22T12:00:00Z</When><Size>-3</Size><On>true</On>` +
			`<Tags><member>ab</member></Tags><Counts><entry><key>ab</key><value>1</value></entry></Counts><Raw>YQ==</Raw>`), ""},
		{"an empty list", 200, answer(`<Name>ab</Name><Tags/>`), ""},
		{"an unknown member", 200, answer(`<Name>ab</Name><Secret>x</Secret>`), "unknown member Secret"},
		{"a missing member", 200, answer(`<Color>red</Color>`), "required Name is missing"},
		{"a member twice", 200, answer(`<Name>ab</Name><Name>ab</Name>`), "Name twice"},
		{"a short text", 200, answer(`<Name>a</Name>`), "size 1"},
		{"another alphabet", 200, answer(`<Name>a b</Name>`), "does not match"},
		{"another color", 200, answer(`<Name>ab</Name><Color>blue</Color>`), "enumeration"},
		{"a time with a zone", 200, answer(`<Name>ab</Name><When>2026-11-22T12:00:00+01:00</When>`), "no timestamp"},
		{"a time that is none", 200, answer(`<Name>ab</Name><When>2026-13-22T12:00:00Z</When>`), "no timestamp"},
		{"a word for a number", 200, answer(`<Name>ab</Name><Size>big</Size>`), "no number"},
		{"a boolean in capitals", 200, answer(`<Name>ab</Name><On>True</On>`), "no boolean"},
		{"no base64", 200, answer(`<Name>ab</Name><Raw>*</Raw>`), "no base64"},
		{"elements in a text", 200, answer(`<Name><b>ab</b></Name>`), "elements in a string"},
		{"text in a structure", 200, answer(`x<Name>ab</Name>`), "text in a structure"},
		{"other elements of a list", 200, answer(`<Name>ab</Name><Tags><item>ab</item></Tags>`), "element item"},
		{"other entries of a map", 200, answer(`<Name>ab</Name><Counts><ab>1</ab></Counts>`), "entries of key and value"},
		{"no result", 200, `<GetThingResponse xmlns="https://thing/"><ResponseMetadata><RequestId>` + someID + `</RequestId></ResponseMetadata></GetThingResponse>`, "no GetThingResult"},
		{"another namespace", 200, strings.Replace(answer(`<Name>ab</Name>`), "https://thing/", "https://other/", 1), "namespace"},
		{"another id", 200, strings.Replace(answer(`<Name>ab</Name>`), someID, "1", 1), "RequestId"},
		{"no document", 200, `<a>`, "EOF"},
		{"a declared error", 404, refused("Sender", "NoSuchThing"), ""},
		{"with another status", 400, refused("Sender", "NoSuchThing"), "has status 400, want 404"},
		{"an error of all operations", 400, refused("Sender", "ValidationError"), ""},
		{"an error of another operation", 409, refused("Sender", "EntityAlreadyExists"), "no error of GetThing"},
		{"of another type", 404, refused("Client", "NoSuchThing"), "Client"},
	} {
		x := exchange{"thing", "GetThing", tt.status, http.Header{"Content-Type": {"text/xml"}, "X-Amzn-Requestid": {someID}}, []byte(tt.body)}
		got := judge(tiny(), x)
		if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), tt.want)) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
