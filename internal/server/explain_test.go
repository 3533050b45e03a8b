package server_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/server"
)

// own calls Ambit's own service.
func (r *running) own(t *testing.T, operation string, parameters url.Values, c aws.Credentials) (status int, body string) {
	t.Helper()
	parameters.Set("Action", operation)
	parameters.Set("Version", "2026-11-01")
	return r.call(t, form("ambit", parameters.Encode()), c)
}

// An explanation is what this test reads of ambit:ExplainDecision.
type explanation struct {
	Operation, Principal, ErrorCode string
	Questions                       []struct {
		Action, Resource, Verdict, PolicyType string
		Context                               map[string][]string
		Policies                              []struct{ PolicyType, Name, SHA256 string }
		Changes                               []string
	}
}

func (r *running) explained(t *testing.T, requestID string) explanation {
	t.Helper()
	status, body := r.own(t, "ExplainDecision", url.Values{"RequestId": {requestID}}, r.admin())
	var answer struct {
		Explanation string `xml:"ExplainDecisionResult>Explanation"`
	}
	if err := xml.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	var e explanation
	if err := json.Unmarshal([]byte(answer.Explanation), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// requestIDOf is the id of the request that was refused.
func requestIDOf(t *testing.T, err error) string {
	t.Helper()
	var refused *awshttp.ResponseError
	if !errors.As(err, &refused) {
		t.Fatalf("%v is no answer", err)
	}
	return refused.ServiceRequestID()
}

// TestExplainDeniedCreateRole: a denied CreateRole is explained by the statement that nearly allowed it, the condition that failed,
// and what else would refuse next; and still is after the policy is gone.
func TestExplainDeniedCreateRole(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	ada := r.scene(t, `{"Version":"2012-10-17","Statement":[{"Sid":"WithBoundary","Effect":"Allow","Action":"iam:CreateRole","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::123456789012:policy/Boundary"}}}]}`,
		denyScan, allowS3)
	_, err := r.iam(ada).CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trust)})
	fails(t, "CreateRole", err, "AccessDenied")
	id := requestIDOf(t, err)
	if err := r.putInline("Ada", denyScan); err != nil {
		t.Fatal(err)
	}
	e := r.explained(t, id)
	if e.Operation != "iam.amazonaws.com CreateRole" || e.Principal != adaARN || e.ErrorCode != "AccessDenied" || len(e.Questions) == 0 {
		t.Fatalf("%+v", e)
	}
	q := e.Questions[0]
	if q.Action != "iam:CreateRole" || q.Resource != "arn:aws:iam::123456789012:role/r" || q.Verdict != "implicit-deny" || q.PolicyType != "identity" {
		t.Errorf("%+v", q)
	}
	want := []string{
		`Statement 1 (WithBoundary) of the identity-based policy Inline would allow iam:CreateRole, but its condition StringEquals ` +
			`iam:PermissionsBoundary wants "arn:aws:iam::123456789012:policy/Boundary" and the request does not have it.`,
		`No permissions boundary has a statement that allows iam:CreateRole; one must.`,
	}
	if !slices.Equal(q.Changes, want) {
		t.Errorf("got %q\nwant %q", q.Changes, want)
	}
	if !slices.Equal(q.Context["aws:username"], []string{"Ada"}) || len(q.Policies) != 3 || q.Policies[0].SHA256 == "" {
		t.Errorf("%v %v", q.Context, q.Policies)
	}
}

func TestExplainExplicitDeny(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ada := r.scene(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"Never","Effect":"Deny","Action":"iam:Get*","Resource":"*"}]}`, denyScan, denyScan)
	_, err := r.iam(ada).GetUser(context.Background(), nil)
	q := r.explained(t, requestIDOf(t, err)).Questions[0]
	want := []string{"Statement 2 (Never) of the identity-based policy Inline denies iam:GetUser and must not match any more."}
	if q.Verdict != "explicit-deny" || !slices.Equal(q.Changes, want) {
		t.Errorf("%s %q, want %q", q.Verdict, q.Changes, want)
	}
}

// What another account did is neither listed nor explained.
func TestEventsOfOtherAccounts(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	key, err := r.AddAccount(ctx, "210987654321", identity.StartKey{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.iam(r.nobody(t, "nobody")).GetUser(ctx, nil)
	id := requestIDOf(t, err)
	if status, body := r.own(t, "ExplainDecision", url.Values{"RequestId": {id}}, credentialsOf(key)); status != 404 || !strings.Contains(body, "NoSuchEvent") {
		t.Errorf("%d %s", status, body)
	}
	if status, body := r.call(t, lookup("{}"), credentialsOf(key)); status != 200 || strings.Contains(body, "GetUser") {
		t.Errorf("%d %s", status, body)
	}
}

// On disk the log is read before and after a restart.
func TestExplainAfterRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	onDisk := func(o *server.Options) { o.Memory, o.Data = false, dir }
	r := start(t, onDisk)
	_, err := r.iam(r.nobody(t, "nobody")).GetUser(context.Background(), nil)
	id := requestIDOf(t, err)
	if e := r.explained(t, id); len(e.Questions) != 1 {
		t.Errorf("%+v", e)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if e := start(t, onDisk).explained(t, id); len(e.Questions) != 1 || len(e.Questions[0].Changes) == 0 {
		t.Errorf("%+v", e)
	}
}
