package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/server"
)

// output runs ambit and returns what it prints.
func (p *process) output(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("ambit", args...)
	cmd.Env = p.environ
	text, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("ambit %v: %v: %s", args, err, exit.Stderr)
		}
		t.Fatal(err)
	}
	return string(text)
}

// TestLogAndExplain: a refusal is in the log with its id, and by that id it is explained.
func TestLogAndExplain(t *testing.T) {
	t.Parallel()
	p, ctx := serveReal(t, home(t), "--memory"), context.Background()
	admin := iam.NewFromConfig(p.config(p.credentials(t)))
	user := aws.String("Ada")
	if _, err := admin.CreateUser(ctx, &iam.CreateUserInput{UserName: user}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: user, PolicyName: aws.String("Delegated"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Sid":"WithBoundary","Effect":"Allow","Action":"iam:CreateRole","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::123456789012:policy/Boundary"}}}]}`,
	)}); err != nil {
		t.Fatal(err)
	}
	key, err := admin.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: user})
	if err != nil {
		t.Fatal(err)
	}
	ada := iam.NewFromConfig(p.config(aws.Credentials{AccessKeyID: *key.AccessKey.AccessKeyId, SecretAccessKey: *key.AccessKey.SecretAccessKey}))
	_, err = ada.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trustAccount)})
	var refused *awshttp.ResponseError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	id := refused.ServiceRequestID()

	listed := strings.Split(strings.TrimSpace(p.output(t, "log")), "\n")
	last := listed[len(listed)-1]
	for _, part := range []string{"AccessDenied", "arn:aws:iam::123456789012:user/Ada", "iam.amazonaws.com CreateRole", id} {
		if !strings.Contains(last, part) {
			t.Errorf("log ends with %q, without %s", last, part)
		}
	}
	var record struct{ RequestID string }
	lines := strings.Split(strings.TrimSpace(p.output(t, "log", "-o", "json", "--last", "5")), "\n")
	found := false
	for _, line := range lines {
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		found = found || record.RequestID == id
	}
	if !found {
		t.Errorf("no record of %s in %q", id, lines)
	}

	text := p.output(t, "explain", id)
	for _, part := range []string{
		"iam:CreateRole on arn:aws:iam::123456789012:role/r: implicit-deny by identity",
		"  what would have to change:\n    Statement 1 (WithBoundary) of the identity-based policy Delegated would allow iam:CreateRole, but its condition StringEquals iam:PermissionsBoundary wants",
		"    identity Delegated, statement 1 (WithBoundary) at 1:38, Allow: StringEquals iam:PermissionsBoundary wants arn:aws:iam::123456789012:policy/Boundary and met nothing: the request does not have the key\n",
		"    aws:username = Ada\n",
		"    aws:SecureTransport = true (true by choice: ",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("explain does not say %q:\n%s", part, text)
		}
	}
	if said := p.output(t, "explain", id, "-o", "json"); !json.Valid([]byte(said)) || !strings.Contains(said, `"operator":"StringEquals"`) &&
		!strings.Contains(said, `"operator": "StringEquals"`) {
		t.Errorf("explain -o json: %s", said)
	}
	for _, args := range [][]string{{"explain", "00000000-0000-0000-0000-000000000000"}, {"explain", "no such/id"}, {"explain"}, {"log", "--last", "0"}} {
		if code, said := failure(t, p.environ, args...); code != 2 || strings.Count(said, "\n") != 1 {
			t.Errorf("ambit %v: %d %q", args, code, said)
		}
	}
}

// TestAnotherAccountIsLookedInto by a profile of it, as account add prints one.
func TestAnotherAccountIsLookedInto(t *testing.T) {
	t.Parallel()
	p := serveReal(t, home(t), "--memory")
	file := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(file, []byte(p.output(t, "account", "add", "210987654321")), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := server.ReadKey(file, "ambit-210987654321-root")
	if err != nil {
		t.Fatal(err)
	}
	root := iam.NewFromConfig(p.config(aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}))
	if _, err := root.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("Eve")}); err != nil {
		t.Fatal(err)
	}
	p.environ = append(p.environ, "AWS_SHARED_CREDENTIALS_FILE="+file)
	listed := p.output(t, "log", "--profile", "ambit-210987654321-root")
	if !strings.Contains(listed, "arn:aws:iam::210987654321:root  iam.amazonaws.com CreateUser") {
		t.Errorf("its log: %s", listed)
	}
	if code, said := failure(t, p.environ, "log", "--profile", "nobody"); code != 2 || !strings.Contains(said, file+": no such profile: nobody") {
		t.Errorf("%d %q", code, said)
	}
}

// TestLogNeedsAServer: without a running server both commands say so in one line.
func TestLogNeedsAServer(t *testing.T) {
	t.Parallel()
	environ := home(t)
	for _, args := range [][]string{{"log"}, {"explain", "id"}} {
		if code, said := failure(t, environ, args...); code != 2 || !strings.Contains(said, "no running server") {
			t.Errorf("ambit %v: %d %q", args, code, said)
		}
	}
}

// TestLogFollows: a request that comes while log -f runs is printed, once.
func TestLogFollows(t *testing.T) {
	t.Parallel()
	p := serveReal(t, home(t), "--memory")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	admin := iam.NewFromConfig(p.config(p.credentials(t)))
	for i := range 4 { // of which the last two are asked for, and none is printed later as if it were new
		if _, err := admin.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String(fmt.Sprint("before", i))}); err != nil {
			t.Fatal(err)
		}
		p.output(t, "log") // whose own calls count for nothing
	}
	if listed := strings.Count(p.output(t, "log", "--last", "3"), "\n"); listed != 3 {
		t.Errorf("%d of the last 3", listed)
	}
	cmd := exec.CommandContext(ctx, "ambit", "log", "-f", "--last", "2")
	cmd.Env = p.environ
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var printed []string
	for range 2 {
		if !lines.Scan() {
			t.Fatal("the log ends before its first two lines")
		}
	}
	for _, made := range []string{"CreateUser", "CreateGroup", "CreateUser", "GetUser"} { // each when the last was printed, so by another look
		switch made {
		case "CreateUser":
			_, err = admin.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String(fmt.Sprint("user", len(printed)))})
		case "CreateGroup":
			_, err = admin.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("group")})
		default:
			_, err = admin.GetUser(ctx, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		for found := false; !found; {
			if !lines.Scan() {
				t.Fatalf("the log ends after %q", printed)
			}
			found = strings.Contains(lines.Text(), "iam.amazonaws.com "+made)
			printed = append(printed, lines.Text())
		}
	}
	cancel()
	_ = cmd.Wait()         // killed
	if len(printed) != 4 { // and neither is anything printed twice, nor does it follow itself
		t.Errorf("four requests, and %d lines:\n%s", len(printed), strings.Join(printed, "\n"))
	}
}

// TestEveryPartThatFailedIsListed of a statement that allows the action.
func TestEveryPartThatFailedIsListed(t *testing.T) {
	t.Parallel()
	s := explainedStatement{PolicyType: "identity", Policy: "P", Line: 1, Column: 2, Effect: "Allow", Miss: &explainedMiss{
		Part: "resource", Want: []string{"a*"}, Got: []string{"b"},
		Also: &explainedMiss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Got: []string{"false"}, Others: 1},
	}}
	if got, want := s.line(), "identity P, statement 1 at 1:2, Allow: resource is another: a*; and Bool x:y wants true and met false (and 1 more)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestWhatAStatementLeavesOut is told as that, not as what it is about.
func TestWhatAStatementLeavesOut(t *testing.T) {
	t.Parallel()
	s := explainedStatement{PolicyType: "identity", Policy: "P", Line: 1, Column: 2, Effect: "Allow", Miss: &explainedMiss{
		Part: "resource", Not: true, Want: []string{"a*", "b"}, Got: []string{"a1"}}}
	if got, want := s.line(), "identity P, statement 1 at 1:2, Allow: resource is left out by NotResource: a*, b"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestWhyADenyMatches: its line names its conditions, and what a NotPrincipal lacks. A policy without a name leaves no gap.
func TestWhyADenyMatches(t *testing.T) {
	t.Parallel()
	s := explainedStatement{PolicyType: "resource", Line: 1, Column: 41, Effect: "Deny", Matched: true,
		NotSpared:  &explainedNotSpared{Missing: []string{"AWS:1"}, Bounded: true},
		Conditions: []explainedCondition{{Operator: "StringNotEquals", Key: "x:y", Want: []string{"a", "b"}, Absent: true}, {Operator: "Bool", Key: "x:z", Want: []string{"true"}, Got: []string{"true"}}},
	}
	const want = "resource, statement 1 at 1:41, Deny: matches: NotPrincipal leaves out no caller that has a permissions boundary; and NotPrincipal does not list AWS:1; " +
		"and StringNotEquals x:y wants a, b and met nothing: the request does not have the key; and Bool x:z wants true and met true"
	if got := s.line(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s = explainedStatement{PolicyType: "identity", Policy: "P", Line: 1, Column: 2, Effect: "Allow", Matched: true}
	if got, want := s.line(), "identity P, statement 1 at 1:2, Allow: matches"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
