package server_test

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
)

const allowList = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}}`

// TestARevocationHoldsForEverybody: 64 administrators give and take permissions at once. From the moment in which one is told that a
// permission is gone, nobody meets it: not the caller, on whichever connection, and not a session that was there before.
func TestARevocationHoldsForEverybody(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	rounds := 4
	if n, err := strconv.Atoi(os.Getenv("AMBIT_SOAK")); err == nil {
		rounds = n
	}
	const writers = 64
	policy := r.makePolicy(t, "list", allowList)
	var wg sync.WaitGroup
	var keys, sessions [writers]aws.Credentials
	for i := range writers {
		wg.Go(func() {
			keys[i] = r.nobody(t, fmt.Sprint("user", i))
			out, err := r.sts(keys[i]).GetSessionToken(t.Context(), nil)
			if err != nil {
				t.Error(err)
				return
			}
			sessions[i] = temporary(out.Credentials)
		})
	}
	if wg.Wait(); t.Failed() {
		return
	}
	transport := &http.Transport{MaxIdleConnsPerHost: writers}
	defer transport.CloseIdleConnections()
	warm := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	ask := func(c aws.Credentials, with *http.Client) int {
		resp, err := with.Do(r.sign(t, listBuckets, c, time.Now()))
		if err != nil {
			t.Error(err)
			return 0
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	var turns [writers]atomic.Int64 // odd after an acknowledged revocation, until the permission is given again
	var allowed, denied atomic.Int64
	work := func(i int) {
		admin, user := r.iam(r.admin()), aws.String(fmt.Sprint("user", i))
		for round := range rounds {
			turns[i].Store(int64(2 * round))
			if _, err := admin.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: user, PolicyArn: &policy}); err != nil {
				t.Error(err)
				return
			}
			if status := ask(keys[i], warm); status != http.StatusOK {
				t.Errorf("user %d: %d after the policy was attached", i, status)
			}
			allowed.Add(1)
			if _, err := admin.DetachUserPolicy(t.Context(), &iam.DetachUserPolicyInput{UserName: user, PolicyArn: &policy}); err != nil {
				t.Error(err)
				return
			}
			turns[i].Store(int64(2*round + 1))
			for _, c := range []aws.Credentials{keys[i], sessions[i]} {
				for _, with := range []*http.Client{warm, client} {
					if status := ask(c, with); status != http.StatusForbidden {
						t.Errorf("user %d: %d after the policy was detached", i, status)
					}
					denied.Add(1)
				}
			}
		}
	}
	done := make(chan struct{})
	watched := make(chan struct{})
	go func() { // somebody else, who sees all acknowledgements
		defer close(watched)
		for i := 0; ; i = (i + 1) % writers {
			select {
			case <-done:
				return
			default:
			}
			turn := turns[i].Load()
			if turn%2 == 1 && ask(sessions[i], warm) == http.StatusOK && turns[i].Load() == turn {
				t.Errorf("user %d is allowed after the policy was detached", i)
			}
		}
	}()
	for i := range writers {
		wg.Go(func() { work(i) })
	}
	wg.Wait()
	close(done)
	<-watched
	t.Logf("%d times allowed, then %d times denied", allowed.Load(), denied.Load())
}

// TestAPolicyMadeAgainDecidesByItsNewText: the same ARN, attached, as a boundary, and as the policy of a live session.
func TestAPolicyMadeAgainDecidesByItsNewText(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), t.Context()
	admin := r.iam(r.admin())
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	attached, bounded := r.nobody(t, "attached"), r.with(t, "bounded", everything)
	r.role(t, "worker", aws.String(everything))
	arn := r.makePolicy(t, "changing", allowList)
	out, err := r.sts(r.admin()).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/worker"), RoleSessionName: aws.String("session"),
		PolicyArns: []ststypes.PolicyDescriptorType{{Arn: &arn}}})
	must(nil, err)
	session := sessionOf(out)

	give := func() {
		t.Helper()
		must(admin.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("attached"), PolicyArn: &arn}))
		must(admin.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: aws.String("bounded"), PermissionsBoundary: &arn}))
	}
	take := func() {
		t.Helper()
		must(admin.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: aws.String("attached"), PolicyArn: &arn}))
		must(admin.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: aws.String("bounded")}))
		must(admin.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: &arn}))
	}
	check := func(what string, q request, want map[string]int) {
		t.Helper()
		for who, c := range map[string]aws.Credentials{"attached": attached, "bounded": bounded, "session": session} {
			if status, body := r.call(t, q, c); status != want[who] {
				t.Errorf("%s, %s: %d %s, want %d", what, who, status, body, want[who])
			}
		}
	}
	all := func(status int) map[string]int {
		return map[string]int{"attached": status, "bounded": status, "session": status}
	}
	for range 3 {
		give()
		check("old text, what it allows", listBuckets, all(200))
		check("old text, what the new one allows", describeInstances, all(403))
		take()
		check("no text", listBuckets, map[string]int{"attached": 403, "bounded": 200, "session": 403})
		must(admin.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("changing"), PolicyDocument: aws.String(allowEC2)}))
		give()
		check("new text, what the old one allowed", listBuckets, all(403))
		check("new text, what it allows", describeInstances, all(200))
		take()
		must(admin.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("changing"), PolicyDocument: aws.String(allowList)}))
	}
}

// TestWhoIsMadeAgainInheritsNothing: not from trust policies, groups, policies, boundaries or views, and not from its own sessions.
func TestWhoIsMadeAgainInheritsNothing(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), t.Context()
	admin := r.iam(r.admin())
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	name, group := aws.String("Bob"), aws.String("admins")
	bob := r.with(t, "Bob", everything)
	must(admin.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: group}))
	must(admin.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: group, PolicyArn: aws.String(administratorAccess)}))
	must(admin.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: group, UserName: name}))
	r.role(t, "Worker", aws.String(everything))
	trusting := func(principal string) *string {
		return aws.String(strings.ReplaceAll(trust, `"123456789012"`, `"`+principal+`"`))
	}
	must(admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("ForBob"), AssumeRolePolicyDocument: trusting("arn:aws:iam::123456789012:user/Bob")}))
	must(admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("ForWorker"), AssumeRolePolicyDocument: trusting("arn:aws:iam::123456789012:role/Worker")}))
	assume := func(c aws.Credentials, role string) (aws.Credentials, error) {
		out, err := r.sts(c).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/" + role), RoleSessionName: aws.String("session")})
		if err != nil {
			return aws.Credentials{}, err
		}
		return sessionOf(out), nil
	}
	worker, err := assume(r.admin(), "Worker")
	must(nil, err)
	for c, role := range map[*aws.Credentials]string{&bob: "ForBob", &worker: "ForWorker"} {
		_, err := assume(*c, role)
		must(nil, err)
	}

	must(admin.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: group, UserName: name}))
	must(admin.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: name, PolicyName: aws.String("inline")}))
	must(admin.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: name, AccessKeyId: &bob.AccessKeyID}))
	must(admin.DeleteUser(ctx, &iam.DeleteUserInput{UserName: name}))
	must(admin.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: aws.String("Worker"), PolicyName: aws.String("inline")}))
	must(admin.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String("Worker")}))
	bobAgain := r.nobody(t, "Bob")
	r.role(t, "Worker", nil)
	workerAgain, err := assume(r.admin(), "Worker")
	must(nil, err)

	for who, c := range map[string]aws.Credentials{"the user": bobAgain, "the role": workerAgain} {
		if status, body := r.call(t, listBuckets, c); status != http.StatusForbidden || !strings.Contains(body, "no identity-based policy allows") {
			t.Errorf("%s: %d %s", who, status, body)
		}
		for _, role := range []string{"ForBob", "ForWorker"} {
			_, err := assume(c, role)
			fails(t, who+" assumes "+role, err, "AccessDenied", "is not authorized to perform: sts:AssumeRole")
		}
	}
	for who, c := range map[string]aws.Credentials{"the user's old key": bob, "the role's old session": worker} {
		if status, body := r.call(t, listBuckets, c); status != http.StatusForbidden || !strings.Contains(body, "InvalidAccessKeyId") {
			t.Errorf("%s: %d %s", who, status, body)
		}
	}
	got, err := admin.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: name})
	if err != nil || len(got.Groups) > 0 {
		t.Errorf("groups of the user: %v, %v", got, err)
	}
}
