package vector_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/vector"
)

// Every member of an answer is described, in the page's part about answers.
func TestAnswersAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/vectors.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, found := strings.Cut(string(page), "\n## The answer\n")
	part, _, ends := strings.Cut(part, "\n## ")
	if !found || !ends {
		t.Fatal("the page has no part about answers")
	}
	members := map[string]bool{}
	membersOf(reflect.TypeFor[vector.Answer](), members)
	for name := range members {
		if !strings.Contains(part, "`"+name+"`") && !strings.Contains(part, "`"+name+": true`") {
			t.Errorf("docs/vectors.md does not describe %s", name)
		}
	}
	if len(members) < 25 || !members["not_spared"] || !members["unresolved"] {
		t.Errorf("only %d members were looked for", len(members))
	}
}

// membersOf adds the JSON names of a type and of all in it.
func membersOf(of reflect.Type, names map[string]bool) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice:
		membersOf(of.Elem(), names)
	case reflect.Struct:
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			names[name] = true
			membersOf(of.Field(i).Type, names)
		}
	}
}

// Why a NotPrincipal does not spare a caller is told, and which conditions of a
// deny are met.
func TestAnswerSaysWhyADenyMatches(t *testing.T) {
	t.Parallel()
	v, err := vector.Parse([]byte(`{"principal": {"type": "user", "arn": "arn:aws:iam::111122223333:user/ana", "account": "111122223333"}, ` + request + `,
		"identity": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}],
		"boundary": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
		"resource_policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
			"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/ana"}, "Condition": {"Null": {"s3:x-amz-acl": "true"}}}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Judge()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(a.Reasons[0])
	if err != nil {
		t.Fatal(err)
	}
	const want = `"effect":"Deny","matched":true,"not_spared":{"listed":["AWS:arn:aws:iam::111122223333:user/ana"],"missing":["AWS:111122223333"],"bounded":true},` +
		`"conditions":[{"operator":"Null","key":"s3:x-amz-acl","want":["true"],"got":[],"absent":true}]}`
	if !strings.HasSuffix(string(text), want) {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}
