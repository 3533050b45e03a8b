package audit_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/policy"
)

// TestAppendJSONIsJSON holds that a record is written as encoding/json would, whatever is in it.
func TestAppendJSONIsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecord(t)
		type plain audit.Record // without its methods
		want, err := json.Marshal((*plain)(r))
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.AppendJSON([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("before"+string(want), string(got)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestAppendJSONEscapes puts every byte at every place of short and long texts.
func TestAppendJSONEscapes(t *testing.T) {
	t.Parallel()
	for _, length := range []int{1, 7, 8, 9, 16, 19} {
		for at := range length {
			for c := range 256 {
				text := []byte("abcdefghijklmnopqrst"[:length])
				text[at] = byte(c)
				want, err := json.Marshal(string(text))
				if err != nil {
					t.Fatal(err)
				}
				got, err := (&audit.Record{RequestParameters: map[string]any{"k": string(text)}}).AppendJSON(nil)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Contains(got, append([]byte(`{"k":`), append(want, '}')...)) {
					t.Errorf("%q: %s has no %s", text, got, want)
				}
			}
		}
	}
}

func anyRecord(t *rapid.T) *audit.Record {
	text := rapid.OneOf(rapid.StringMatching(`[a-zA-Z:/*-]{0,12}`), rapid.String(), rapid.SampledFrom([]string{"\xff", "<&>", "\u2028", `"\`}))
	flag := rapid.Bool()
	maybe := func(name string) bool { return flag.Draw(t, name) }
	value := rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			return flag.Draw(t, "flag")
		case 1:
			return rapid.Int64().Draw(t, "number")
		case 2:
			return map[string]any{text.Draw(t, "name"): text.Draw(t, "text")}
		case 3:
			return []any{text.Draw(t, "text"), map[string]any{"a": nil}}
		}
		return text.Draw(t, "text")
	})
	members := rapid.MapOfN(text, value, 0, 3)
	r := &audit.Record{
		Version: text.Draw(t, "version"), Time: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "s"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).UTC(),
		Source: text.Draw(t, "source"), Name: text.Draw(t, "name"), Region: text.Draw(t, "region"), SourceIP: text.Draw(t, "ip"),
		UserAgent: text.Draw(t, "agent"), ErrorCode: text.Draw(t, "code"), ErrorMessage: text.Draw(t, "message"),
		RequestID: text.Draw(t, "request"), EventID: text.Draw(t, "event"), ReadOnly: flag.Draw(t, "read"), Type: text.Draw(t, "type"),
		Management: flag.Draw(t, "management"), Recipient: text.Draw(t, "recipient"), Category: text.Draw(t, "category"),
		InvokedBy: rapid.SliceOfN(text, 0, 2).Draw(t, "via"),
		Identity: audit.Identity{
			Type: text.Draw(t, "kind"), PrincipalID: text.Draw(t, "id"), ARN: text.Draw(t, "arn"), Account: text.Draw(t, "account"),
			AccessKeyID: text.Draw(t, "key"), UserName: text.Draw(t, "user"),
		},
	}
	if maybe("parameters") {
		r.RequestParameters = members.Draw(t, "members")
	}
	if maybe("elements") {
		r.ResponseElements = members.Draw(t, "members")
	}
	if maybe("session") {
		r.Identity.Session = &audit.SessionContext{SourceIdentity: text.Draw(t, "source")}
		if maybe("attributes") {
			r.Identity.Session.Attributes = rapid.MapOfN(text, text, 0, 3).Draw(t, "attributes")
		}
		if maybe("issuer") {
			r.Identity.Session.Issuer = &audit.Issuer{Type: text.Draw(t, "type"), PrincipalID: "AROA", ARN: text.Draw(t, "arn"), Account: "1", UserName: "n"}
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "decisions") {
		d := audit.Decision{
			Action: text.Draw(t, "action"), Resource: text.Draw(t, "resource"), Soft: flag.Draw(t, "soft"), Verdict: text.Draw(t, "verdict"),
			PolicyType: text.Draw(t, "type"),
		}
		if maybe("context") {
			d.Context = rapid.MapOfN(text, rapid.SliceOfN(text, -1, 2), 0, 3).Draw(t, "context")
		}
		if maybe("documents") {
			d.Documents = []audit.Document{{PolicyType: text.Draw(t, "type"), Name: text.Draw(t, "name"), SHA256: text.Draw(t, "sha256")}}
		}
		if maybe("reasons") {
			d.PolicyOf = text.Draw(t, "holder")
			d.Reasons = []audit.Reason{{PolicyType: "boundary", Statement: 1, Sid: text.Draw(t, "sid"), Miss: &policy.Miss{}}}
			if maybe("not spared") {
				d.Reasons[0].NotSpared = &policy.NotSpared{Listed: []string{text.Draw(t, "listed")}, Bounded: flag.Draw(t, "bounded")}
			}
			if maybe("conditions") {
				d.Reasons[0].Conditions = []policy.MetCondition{{Operator: "Bool", Key: text.Draw(t, "key"), Absent: flag.Draw(t, "absent")}}
			}
		}
		r.Decisions = append(r.Decisions, d)
	}
	return r
}

// BenchmarkAppendJSON is the record of an allowed read by a user.
func BenchmarkAppendJSON(b *testing.B) {
	r := &audit.Record{
		Version: "1.11", Time: time.Unix(1763769600, 123456789).UTC(), Source: "iam.amazonaws.com", Name: "GetRole", Region: "us-east-1",
		SourceIP: "127.0.0.1", UserAgent: "Botocore/1.38.0 md/Botocore#1.38.0 ua/2.1 os/linux lang/python#3.12.0",
		RequestID: "0b0bd7f8-5c4e-4d0f-9f29-6a3bd3a0a001", EventID: "0b0bd7f8-5c4e-4d0f-9f29-6a3bd3a0a002", ReadOnly: true, Type: "AwsApiCall",
		Management: true, Recipient: "123456789012", Category: "Management", RequestParameters: map[string]any{"roleName": "MyTestAppRole"},
		Identity: audit.Identity{Type: "IAMUser", PrincipalID: "AIDAQAAAAAAAEXAMPLE12", ARN: "arn:aws:iam::123456789012:user/employee",
			Account: "123456789012", AccessKeyID: "AKIAQAAAAAAAEXAMPLE1", UserName: "employee"},
		Decisions: []audit.Decision{{Action: "iam:GetRole", Resource: "arn:aws:iam::123456789012:role/MyTestAppRole", Verdict: "allow"}},
	}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = r.AppendJSON(dst[:0]); err != nil {
			b.Fatal(err)
		}
	}
}
