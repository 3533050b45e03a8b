package server_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/service"
)

// succeed makes another user of the name that a user has, who is called former from now on.
func (r *running) succeed(t *testing.T, name, former string) {
	t.Helper()
	admin := r.iam(r.admin())
	if _, err := admin.UpdateUser(t.Context(), &iam.UpdateUserInput{UserName: &name, NewUserName: &former}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name}); err != nil {
		t.Fatal(err)
	}
}

const ownHome = `{"Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::homes/${aws:username}/*"}`

// TestAnUploadOfWhoIsRenamedMeanwhile: aws:username is the name that the user has when the object is kept, and not the one that he had, and
// that is another's by then, when the upload began.
func TestAnUploadOfWhoIsRenamedMeanwhile(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "homes")
	c := r.nobody(t, "ada")
	r.permit(t, "ada", ownHome)
	const length = 200_000
	rest, answer := r.slowUpload(t, c, "/homes/ada/notes", length)
	if _, err := io.WriteString(rest, strings.Repeat("a", length/2)); err != nil {
		t.Fatal(err)
	}
	r.succeed(t, "ada", "formerly")
	if _, err := io.WriteString(rest, strings.Repeat("a", length/2)); err != nil {
		t.Fatal(err)
	}
	if err := rest.Close(); err != nil {
		t.Fatal(err)
	}
	const want = "User: arn:aws:iam::123456789012:user/formerly is not authorized to perform: s3:PutObject on resource: &quot;arn:aws:s3:::homes/ada/notes&quot;"
	if got := <-answer; !strings.HasPrefix(got, "403") || !strings.Contains(got, want) {
		t.Errorf("%s", got)
	}
	if out, err := r.s3(r.admin()).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("homes")}); err != nil || len(out.Contents) > 0 {
		t.Errorf("%+v %v", out, err)
	}
}

// TestWhoIsRenamedWhileACallIsOnItsWay: between the moment when a caller is known and the one when his call is done he can be renamed, and another
// can be made under his name. What is done is done to him, or not at all.
func TestWhoIsRenamedWhileACallIsOnItsWay(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := r.nobody(t, "ada")
	r.permit(t, "ada", `{"Effect":"Allow","Action":"iam:*","Resource":"*"}`)
	ada, err := r.Identify(t.Context(), r.sign(t, form("sts", ""), c, time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	r.succeed(t, "ada", "formerly")

	answer, err := r.Invoke(t.Context(), service.Invocation{Service: "sts", Operation: "GetSessionToken", Input: &sts.GetSessionTokenInput{}, Caller: ada, Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	made := answer.Body.(*sts.GetSessionTokenOutput).Credentials
	who, err := r.sts(aws.Credentials{AccessKeyID: *made.AccessKeyId, SecretAccessKey: *made.SecretAccessKey, SessionToken: *made.SessionToken}).
		GetCallerIdentity(t.Context(), nil)
	if err != nil || *who.Arn != "arn:aws:iam::123456789012:user/formerly" {
		t.Errorf("the session is %+v's, %v", who, err)
	}

	for operation, input := range map[string]any{
		"CreateAccessKey": &iam.CreateAccessKeyInput{}, "CreateLoginProfile": &iam.CreateLoginProfileInput{Password: aws.String("Correct-Horse-9")},
		"ListAccessKeys": &iam.ListAccessKeysInput{}, "GetUser": &iam.GetUserInput{},
	} {
		answer, err := r.Invoke(t.Context(), service.Invocation{Service: "iam", Operation: operation, Input: input, Caller: ada, Region: "us-east-1"})
		if err == nil || !strings.Contains(err.Error(), "ConcurrentModification") {
			t.Errorf("%s: %+v, %v", operation, answer.Body, err)
		}
	}
	keys, err := r.iam(r.admin()).ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{UserName: aws.String("ada")})
	if err != nil || len(keys.AccessKeyMetadata) > 0 {
		t.Errorf("the other has the keys %+v, %v", keys, err)
	}
}
