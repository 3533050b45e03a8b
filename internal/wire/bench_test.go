package wire_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/wire"
)

const createRole = "Action=CreateRole&Version=2010-05-08&RoleName=employee&Path=%2Fteam%2F&AssumeRolePolicyDocument=" +
	"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A" +
	"%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D&PermissionsBoundary=arn%3Aaws%3Aiam%3A%3A123456789012" +
	"%3Apolicy%2Fboundary&Tags.member.1.Key=team&Tags.member.1.Value=red"

func BenchmarkDecodeCreateRole(b *testing.B) {
	codec := wire.NewCodec()
	body := []byte(createRole)
	b.ReportAllocs()
	for b.Loop() {
		form, err := wire.ParseForm(body)
		if err != nil {
			b.Fatal(err)
		}
		var in iam.CreateRoleInput
		if unknown, err := codec.DecodeQuery(form, wire.AWSQuery, &in); err != nil || unknown != nil || *in.RoleName != "employee" {
			b.Fatal(err, unknown)
		}
	}
}

func BenchmarkFormMembers(b *testing.B) {
	body := []byte(createRole)
	b.ReportAllocs()
	for b.Loop() {
		form, err := wire.ParseForm(body)
		if err != nil {
			b.Fatal(err)
		}
		if v, ok := form.Members(wire.AWSQuery).String("RoleName"); !ok || v != "employee" {
			b.Fatal(v)
		}
	}
}

func BenchmarkEncodeCreateRole(b *testing.B) {
	codec := wire.NewCodec()
	d, _ := wire.DialectOf("iam")
	out := &iam.CreateRoleOutput{Role: &iamtypes.Role{
		Arn: aws.String("arn:aws:iam::123456789012:role/team/employee"), CreateDate: &created, Path: aws.String("/team/"),
		RoleId: aws.String("AROAEXAMPLEEXAMPLE123"), RoleName: aws.String("employee"),
		AssumeRolePolicyDocument: aws.String("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D"),
		Tags:                     []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("red")}},
	}}
	w := &discard{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		if err := codec.WriteOutput(w, d, "CreateRole", 200, out, stamp); err != nil {
			b.Fatal(err)
		}
	}
	if w.written == 0 {
		b.Fatal("nothing written")
	}
}

func BenchmarkSniff(b *testing.B) {
	r := &http.Request{Method: "POST", Host: "127.0.0.1:4566", ContentLength: int64(len(createRole)),
		Header: http.Header{"Authorization": {scope("us-east-1", "iam")}, "Content-Type": {"application/x-www-form-urlencoded"}}}
	body := []byte(createRole)
	b.ReportAllocs()
	for b.Loop() {
		if h := wire.Sniff(r, body); h.Operation != "CreateRole" {
			b.Fatal(h)
		}
	}
}

// discard is a ResponseWriter that costs nothing.
type discard struct {
	header  http.Header
	written int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { d.written += len(p); return len(p), nil }
