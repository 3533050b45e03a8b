package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ambit-iam/ambit/internal/wire"
)

// TestParseRESTJSON: what the path says is a member, and nothing in the body can say otherwise.
func TestParseRESTJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, service, method, target, body string
		member, want                        string // want is empty for an absent member
	}{
		{"a name", "lambda", "GET", "/2015-03-31/functions/f", "", "FunctionName", "f"},
		{"with a slash at the end", "lambda", "GET", "/2015-03-31/functions/f/", "", "FunctionName", "f"},
		{"an encoded ARN", "lambda", "GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af", "", "FunctionName",
			"arn:aws:lambda:us-east-1:123456789012:function:f"},
		{"an encoded slash", "lambda", "GET", "/2017-03-31/tags/a%2Fb", "", "Resource", "a/b"},
		{"a plus is a plus", "lambda", "GET", "/2015-03-31/functions/a+b", "", "FunctionName", "a+b"},
		{"two members, the second", "lambda", "GET", "/2015-03-31/functions/f/aliases/live", "", "Name", "live"},
		{"a member of the body", "lambda", "PUT", "/2015-03-31/functions/f/configuration", `{"Role":"r"}`, "Role", "r"},
		{"the body names another function", "lambda", "PUT", "/2015-03-31/functions/f/code", `{"FunctionName":"g"}`, "FunctionName", "f"},
		{"a payload is no members", "lambda", "POST", "/2015-03-31/functions/f/invocations", `{"FunctionName":"g","Qualifier":"x"}`, "Qualifier", ""},
		{"a payload that is no object", "lambda", "POST", "/2015-03-31/functions/f/invocations", `"text"`, "FunctionName", "f"},
		{"a member of the query", "lambda", "GET", "/2015-03-31/functions/f?Qualifier=a%2Fb", "", "Qualifier", "a/b"},
		{"the query names another function", "lambda", "GET", "/2015-03-31/functions/f?FunctionName=g", "", "FunctionName", "f"},
		{"a schedule", "scheduler", "POST", "/schedules/s", `{"GroupName":"g"}`, "Name", "s"},
		{"its group", "scheduler", "POST", "/schedules/s", `{"GroupName":"g"}`, "GroupName", "g"},
		{"a code interpreter", "bedrock-agentcore", "PUT", "/code-interpreters", `{"name":"n"}`, "name", "n"},
	} {
		in, err := wire.ParseRESTJSON(c.service, httptest.NewRequest(c.method, "http://127.0.0.1"+c.target, nil), []byte(c.body))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got, given := in.String(c.member); got != c.want || given != (c.want != "") {
			t.Errorf("%s: %s is %q, %v; want %q", c.name, c.member, got, given, c.want)
		}
	}
	in, err := wire.ParseRESTJSON("lambda", httptest.NewRequest(http.MethodPut, "/2015-03-31/functions/f/code", nil),
		[]byte(`{"FunctionName":["g"],"Layers":["l"],"Tags":[{"Key":"k","Value":"v"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, given := in.Strings("FunctionName"); given || in.Elements("FunctionName") != nil {
		t.Error("the body's list hides the path's name")
	}
	if _, given := in.Pairs("FunctionName"); given {
		t.Error("the path's name is a list of tags")
	}
	if list, given := in.Strings("Layers"); !given || len(list) != 1 || len(in.Elements("Layers")) != 1 {
		t.Errorf("Layers: %v, %v", list, given)
	}
	if pairs, given := in.Pairs("Tags"); !given || len(pairs) != 1 {
		t.Errorf("Tags: %v, %v", pairs, given)
	}
	var fault *wire.Fault
	if _, err := wire.ParseRESTJSON("lambda", httptest.NewRequest(http.MethodPut, "/2015-03-31/functions/f/code", nil), []byte(`[`)); !errors.As(err, &fault) {
		t.Errorf("a body that is none: %v", err)
	}
}
