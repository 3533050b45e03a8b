package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/policy"
)

const wordy = `{
  "Id": "about",
  "Statement": [
    {
      "Sid": "One", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "NotResource": "arn:aws:s3:::b/${aws:username}/${x:One, 'y'}",
      "Principal": {"Service": "a.b", "AWS": ["111122223333", "arn:aws:iam::111122223333:root", "*"], "Federated": ["c.d"], "CanonicalUser": "ff"},
      "Condition": {
        "NumericLessThan": {"x:N": [10, "1e1"]}, "Bool": {"x:B": true}, "DateEquals": {"x:D": "2026-01-01"},
        "ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["a*", "${X:ONE}"], "X:n": "1"},
        "IpAddress": {"x:I": "10.0.0.1/8"}, "BinaryEquals": {"x:C": "AAAA"}, "Null": {"x:E": false}, "StringEquals": {"x:F": []}
      }
    },
    {"Effect": "Deny", "NotAction": "*", "Resource": [], "NotPrincipal": "*"}
  ],
  "Version": "2012-10-17"
}
`

// What a reader sees of a document is what was written.
func TestDocument(t *testing.T) {
	t.Parallel()
	d := read(t, wordy)
	if d.Text() != wordy || d.Version() != policy.Version2012 || d.ID() != "about" || d.Len() != 2 {
		t.Errorf("got version %q, id %q, %d statements", d.Version(), d.ID(), d.Len())
	}
	want := policy.Statement{
		Sid: "One", Effect: policy.Allow, Actions: []string{"s3:Get*", "s3:List*"},
		NotResources: []string{"arn:aws:s3:::b/${aws:username}/${x:One, 'y'}"},
		Principals:   []string{"Service:a.b", "AWS:111122223333", "AWS:arn:aws:iam::111122223333:root", "*", "Federated:c.d", "CanonicalUser:ff"},
		Conditions: []policy.Condition{
			{Operator: "NumericLessThan", Key: "x:N", Values: []string{"10", "1e1"}},
			{Operator: "Bool", Key: "x:B", Values: []string{"true"}},
			{Operator: "DateEquals", Key: "x:D", Values: []string{"2026-01-01"}},
			{Operator: "ForAnyValue:StringLikeIfExists", Key: "aws:TagKeys", Values: []string{"a*", "${X:ONE}"}},
			{Operator: "ForAnyValue:StringLikeIfExists", Key: "X:n", Values: []string{"1"}},
			{Operator: "IpAddress", Key: "x:I", Values: []string{"10.0.0.1/8"}},
			{Operator: "BinaryEquals", Key: "x:C", Values: []string{"AAAA"}},
			{Operator: "Null", Key: "x:E", Values: []string{"false"}},
			{Operator: "StringEquals", Key: "x:F", Values: []string{}},
		},
	}
	got := d.Statement(0)
	if text := wordy[got.Position.Offset:got.End.Offset]; !strings.HasPrefix(text, "{\n      \"Sid\"") || !strings.HasSuffix(text, "}\n    }") || got.Position.String() != "4:5" {
		t.Errorf("the statement is at %v to %v: %s", got.Position, got.End, text)
	}
	got.Position, got.End = policy.Position{}, policy.Position{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	got = d.Statement(1)
	got.Position, got.End = policy.Position{}, policy.Position{}
	if diff := cmp.Diff(policy.Statement{NotActions: []string{"*"}, NotPrincipals: []string{"*"}}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if d := read(t, `{"Statement":{"Effect":"Deny"}}`); d.Version() != policy.Version2008 || d.ID() != "" || d.Keys() != nil {
		t.Errorf("got version %q, id %q, keys %q", d.Version(), d.ID(), d.Keys())
	}
}

// Keys are those of variables and conditions, each once, ignoring case.
func TestDocumentKeys(t *testing.T) {
	t.Parallel()
	want := []string{"aws:username", "x:One", "x:N", "x:B", "x:D", "aws:TagKeys", "x:I", "x:C", "x:E", "x:F"}
	if diff := cmp.Diff(want, read(t, wordy).Keys()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	d := read(t, doc(allow("*", "arn:aws:s3:::b/${*}${}", when("StringLike", "x:a", "${x:b}-${x:c, 'd'}"))))
	if diff := cmp.Diff([]string{"x:a", "x:b", "x:c"}, d.Keys()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The canonical spelling.
func TestPrint(t *testing.T) {
	t.Parallel()
	const want = `{
  "Version": "2012-10-17",
  "Id": "about",
  "Statement": [
    {
      "Sid": "One",
      "Effect": "Allow",
      "Action": [
        "s3:Get*",
        "s3:List*"
      ],
      "NotResource": "arn:aws:s3:::b/${aws:username}/${x:One, 'y'}",
      "Principal": {
        "AWS": [
          "111122223333",
          "arn:aws:iam::111122223333:root",
          "*"
        ],
        "Service": "a.b",
        "Federated": "c.d",
        "CanonicalUser": "ff"
      },
      "Condition": {
        "NumericLessThan": {
          "x:N": [
            "10",
            "1e1"
          ]
        },
        "Bool": {
          "x:B": "true"
        },
        "DateEquals": {
          "x:D": "2026-01-01"
        },
        "ForAnyValue:StringLikeIfExists": {
          "aws:TagKeys": [
            "a*",
            "${X:ONE}"
          ],
          "X:n": "1"
        },
        "IpAddress": {
          "x:I": "10.0.0.1/8"
        },
        "BinaryEquals": {
          "x:C": "AAAA"
        },
        "Null": {
          "x:E": "false"
        },
        "StringEquals": {
          "x:F": []
        }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "*",
      "Resource": [],
      "NotPrincipal": "*"
    }
  ]
}`
	if diff := cmp.Diff(want, read(t, wordy).JSON()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Nothing that is printed is lost or changed on the way back.
func TestPrintReadsBack(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		allow("s3:*", "arn:aws:s3:::<b>&\u2028\u2029"), allow("s3:*", "*", sid("")), `{"Effect":"Deny"}`,
		`{"Effect":"Deny","Principal":{}}`, `{"Effect":"Deny","NotPrincipal":{"AWS":[]}}`, `{"Effect":"Deny","Principal":{"AWS":"*"}}`,
		`{"Effect":"Deny","Principal":{"Service":"*"}}`, `{"Effect":"Deny","Action":[],"NotResource":[]}`,
		`{"Effect":"Deny","Sid":"\u0001\"\\😀"}`,
		`{"Effect":"Deny","Principal":{"AWS":["arn:aws-cn:iam::123456789012:root","AIDAX"]}}`,
		allow("*", "*", `"Condition":{"StringEquals":{"a:b":[],"A:B":"x"},"StringLike":{},"Bool":{"a:b":[true,false]}}`),
	} {
		for _, version := range []string{policy.Version2008, policy.Version2012} {
			d := read(t, `{"Version":"`+version+`","Id":"","Statement":`+statement+`}`)
			again := read(t, d.JSON())
			a, b := d.Statement(0), again.Statement(0)
			a.Position, a.End, b.Position, b.End = policy.Position{}, policy.Position{}, policy.Position{}, policy.Position{}
			if diff := cmp.Diff(a, b); diff != "" || d.Version() != again.Version() || d.JSON() != again.JSON() {
				t.Errorf("%s: -first +second:\n%s", statement, diff)
			}
		}
	}
}
