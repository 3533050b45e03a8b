package server_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/function"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/server"
)

const (
	functionRole  = "arn:aws:iam::123456789012:role/functionRole"
	functionARN   = "arn:aws:lambda:us-east-1:123456789012:function:f"
	functions     = "/2015-03-31/functions"
	lambdaTrust   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	mayWriteLogs  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}`
	returnsEvent  = "def handler(event, context):\n    return event\n"
	failsAndTells = "n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    print('attempt', n)\n    raise Exception('no')\n"
)

// lambda makes a call of Lambda.
func (r *running) lambda(t *testing.T, c aws.Credentials, method, path, body string, header ...string) (int, string) {
	t.Helper()
	q := request{service: "lambda", method: method, path: path, body: body, header: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		q.header[header[i]] = header[i+1]
	}
	return r.call(t, q, c)
}

// mayInvoke is the status of a dry run, which runs nothing.
func (r *running) mayInvoke(t *testing.T, c aws.Credentials, name, qualifier string) int {
	t.Helper()
	path := functions + "/" + url.PathEscape(name) + "/invocations"
	if qualifier != "" {
		path += "?Qualifier=" + url.QueryEscape(qualifier)
	}
	status, _ := r.lambda(t, c, "POST", path, "", "X-Amz-Invocation-Type", "DryRun")
	return status
}

// zipped is a deployment package with one file, in base64.
func zipped(t testing.TB, name, content string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// deploy makes the role and the function f, of Python.
func (r *running) deploy(t *testing.T, code string) {
	t.Helper()
	admin := r.iam(r.admin())
	if _, err := admin.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("functionRole"), AssumeRolePolicyDocument: aws.String(lambdaTrust)}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("functionRole"), PolicyName: aws.String("logs"), PolicyDocument: aws.String(mayWriteLogs)}); err != nil {
		t.Fatal(err)
	}
	status, body := r.lambda(t, r.admin(), "POST", functions, newFunction(t, code, ""))
	if status != http.StatusCreated || !strings.Contains(body, `"State":"Pending"`) {
		t.Fatalf("%d %s", status, body)
	}
}

// newFunction is the input that makes f; more are further members.
func newFunction(t testing.TB, code, more string) string {
	return `{"FunctionName":"f","Runtime":"python3.12","Handler":"index.handler","Role":"` + functionRole + `","Code":{"ZipFile":"` +
		zipped(t, "index.py", code) + `"}` + more + `}`
}

// needsPython skips a test that runs a function where there is no Python to run it with.
func needsPython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skipf("SKIPPED: no python3 to run functions with: %v", err)
	}
}

func (r *running) allow(t *testing.T, user, document string) {
	t.Helper()
	_, err := r.iam(r.admin()).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: &user, PolicyName: aws.String("p"), PolicyDocument: &document})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhoMayInvoke: a function, its versions and its aliases are different resources, to identity-based policies and to the policies
// that each of them has.
func TestWhoMayInvoke(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	user := r.nobody(t, "u")
	other := identity.StartKey{ID: "OTHERROOT0000000", Secret: identity.SecretOf("another-secret")}
	if _, err := r.AddAccount(t.Context(), "210987654321", other); err != nil {
		t.Fatal(err)
	}
	if status, answer := r.lambda(t, r.admin(), "POST", functions+"/f/versions", `{}`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, answer)
	}
	if status, answer := r.lambda(t, r.admin(), "POST", functions+"/f/aliases", `{"Name":"live","FunctionVersion":"1"}`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, answer)
	}
	identityBased := func(resource string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"` + resource + `"}]}`
	}
	for _, tt := range []struct {
		resource  string
		qualifier string
		want      int
	}{
		{functionARN, "", 204}, {functionARN, "1", 403}, {functionARN, "live", 403}, {functionARN, "$LATEST", 403},
		{functionARN + ":*", "", 403}, {functionARN + ":*", "1", 204}, {functionARN + ":live", "live", 204}, {functionARN + ":live", "1", 403},
		{functionARN + "*", "", 204}, {functionARN + "*", "$LATEST", 204}, {functionARN + ":LIVE", "live", 403},
	} {
		r.allow(t, "u", identityBased(tt.resource))
		if got := r.mayInvoke(t, user, "f", tt.qualifier); got != tt.want {
			t.Errorf("%s allows qualifier %q: %d, want %d", tt.resource, tt.qualifier, got, tt.want)
		}
		name := "123456789012:function:f" // the same by other names
		if tt.qualifier != "" {
			name = functionARN + ":" + tt.qualifier
		}
		if got := r.mayInvoke(t, user, name, ""); got != tt.want {
			t.Errorf("%s allows %s: %d, want %d", tt.resource, name, got, tt.want)
		}
	}

	r.allow(t, "u", identityBased("arn:aws:lambda:us-east-1:123456789012:function:another"))
	add := func(qualifier, principal string) {
		t.Helper()
		path := functions + "/f/policy"
		if qualifier != "" {
			path += "?Qualifier=" + qualifier
		}
		body := fmt.Sprintf(`{"StatementId":"s%d","Action":"lambda:InvokeFunction","Principal":"%s"}`, len(principal), principal)
		if status, answer := r.lambda(t, r.admin(), "POST", path, body); status != http.StatusCreated {
			t.Fatalf("%d %s", status, answer)
		}
	}
	add("live", "arn:aws:iam::123456789012:user/u")
	for qualifier, want := range map[string]int{"live": 204, "": 403, "1": 403} {
		if got := r.mayInvoke(t, user, "f", qualifier); got != want {
			t.Errorf("a policy of the alias, qualifier %q: %d, want %d", qualifier, got, want)
		}
	}
	if got := r.mayInvoke(t, credentialsOf(other), functionARN, ""); got != 403 {
		t.Errorf("another account: %d", got)
	}
	add("", "210987654321")
	for name, want := range map[string]int{functionARN: 204, functionARN + ":live": 403} {
		if got := r.mayInvoke(t, credentialsOf(other), name, ""); got != want {
			t.Errorf("another account that the function's policy names, %s: %d, want %d", name, got, want)
		}
	}
	if status, body := r.lambda(t, credentialsOf(other), "DELETE", functions+"/"+url.PathEscape(functionARN), ""); status != 403 {
		t.Errorf("another account deletes: %d %s", status, body)
	}

	// A user who is made again is not the one that the policy names.
	ctx, admin := t.Context(), r.iam(r.admin())
	keys, err := admin.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: aws.String("u")})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys.AccessKeyMetadata {
		if _, err := admin.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: aws.String("u"), AccessKeyId: k.AccessKeyId}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := admin.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: aws.String("u"), PolicyName: aws.String("p")}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.DeleteUser(ctx, &iam.DeleteUserInput{UserName: aws.String("u")}); err != nil {
		t.Fatal(err)
	}
	if got := r.mayInvoke(t, r.nobody(t, "u"), "f", "live"); got != 403 {
		t.Errorf("a user of the same name: %d", got)
	}
	if status, body := r.lambda(t, r.admin(), "GET", functions+"/f/policy?Qualifier=live", ""); status != 200 || !strings.Contains(body, "AIDA") {
		t.Errorf("the policy of a deleted user: %d %s", status, body)
	}
	add("live", "s3.amazonaws.com") // and it can be added to
}

// TestConditionsOfFunctions: each key decides.
func TestConditionsOfFunctions(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	if status, body := r.lambda(t, r.admin(), "POST", "/2017-03-31/tags/"+url.PathEscape(functionARN), `{"Tags":{"team":"red"}}`); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	user := r.nobody(t, "u")
	create := func(more string) request {
		return request{service: "lambda", method: "POST", path: functions, body: strings.Replace(newFunction(t, returnsEvent, more), `"f"`, `"g"`, 1)}
	}
	permission := func(more string) request {
		return request{service: "lambda", method: "POST", path: functions + "/f/policy", body: `{"StatementId":"s","Action":"lambda:InvokeFunction"` + more + `}`}
	}
	for _, tt := range []struct {
		operator, key, value string
		yes, no              request
	}{
		{"StringEquals", "lambda:Principal", "s3.amazonaws.com", permission(`,"Principal":"s3.amazonaws.com"`), permission(`,"Principal":"*"`)},
		{"StringEquals", "lambda:FunctionUrlAuthType", "AWS_IAM", permission(`,"Principal":"*","FunctionUrlAuthType":"AWS_IAM"`), permission(`,"Principal":"*","FunctionUrlAuthType":"NONE"`)},
		{"ForAllValues:StringLike", "lambda:Layer", "*:layer:ours:*", create(`,"Layers":["arn:aws:lambda:us-east-1:123456789012:layer:ours:1"]`), create(`,"Layers":["arn:aws:lambda:us-east-1:123456789012:layer:theirs:1"]`)},
		{"ForAnyValue:StringEquals", "lambda:SubnetIds", "subnet-1", create(`,"VpcConfig":{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-1"]}`), create("")},
		{"ForAnyValue:StringEquals", "lambda:SecurityGroupIds", "sg-1", create(`,"VpcConfig":{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-1"]}`), create(`,"VpcConfig":{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-2"]}`)},
		{"StringEquals", "lambda:CodeSigningConfigArn", "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdef0", create(`,"CodeSigningConfigArn":"arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdef0"`), create("")},
		{"StringEquals", "aws:RequestTag/team", "blue", create(`,"Tags":{"team":"blue"}`), create(`,"Tags":{"team":"red"}`)},
		{"ForAllValues:StringEquals", "aws:TagKeys", "team", create(`,"Tags":{"team":"blue"}`), create(`,"Tags":{"team":"blue","cost":"1"}`)},
		{"StringEquals", "aws:ResourceTag/team", "red", request{service: "lambda", method: "GET", path: functions + "/f"}, request{service: "lambda", method: "GET", path: functions + "/g"}},
		{"StringEquals", "iam:PassedToService", "lambda.amazonaws.com", create(""), create(`,"Tags":{"team":"blue"}`)},
	} {
		actions := `["lambda:CreateFunction","lambda:AddPermission","lambda:TagResource","lambda:GetFunction"]`
		always := `{"Effect":"Allow","Action":["iam:PassRole","lambda:GetLayerVersion"],"Resource":"*"}`
		if tt.key == "iam:PassedToService" { // tags are then what is not allowed
			actions, always = `"iam:PassRole"`, `{"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"*"}`
		}
		r.allow(t, "u", `{"Version":"2012-10-17","Statement":[`+always+`,{"Effect":"Allow","Action":`+actions+`,"Resource":"*","Condition":{"`+tt.operator+`":{"`+tt.key+`":"`+tt.value+`"}}}]}`)
		if status, body := r.call(t, tt.yes, user); status == http.StatusForbidden {
			t.Errorf("%s: %d %s", tt.key, status, body)
		}
		if status, body := r.call(t, tt.no, user); status != http.StatusForbidden || !strings.Contains(body, "is not authorized to perform") {
			t.Errorf("%s, another value: %d %s", tt.key, status, body)
		}
		r.lambda(t, r.admin(), "DELETE", functions+"/g", "")
		r.lambda(t, r.admin(), "DELETE", functions+"/f/policy/s", "")
	}

	// A role that the caller may not pass is told before anything is looked at.
	r.allow(t, "u", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:*"],"Resource":"*"}]}`)
	if status, body := r.call(t, create(""), user); status != http.StatusForbidden || !strings.Contains(body, "iam:PassRole on resource: "+functionRole) {
		t.Errorf("a role that may not be passed: %d %s", status, body)
	}
}

// TestLocationOfCode: the URL that GetFunction tells is enough to have the package, and nothing else is.
func TestLocationOfCode(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r := start(t, func(o *server.Options) { o.Now = func() time.Time { return now } })
	r.deploy(t, returnsEvent)
	_, body := r.lambda(t, r.admin(), "GET", functions+"/f", "")
	var told struct{ Code struct{ Location string } }
	if err := json.Unmarshal([]byte(body), &told); err != nil {
		t.Fatal(err)
	}
	get := func(url string, header ...string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		req.Host = req.Header.Get("Host")
		status, _, answer := send(t, req)
		return status, answer
	}
	if status, got := get(told.Code.Location); status != 200 || base64.StdEncoding.EncodeToString([]byte(got)) != zipped(t, "index.py", returnsEvent) {
		t.Errorf("the package: %d, %d bytes", status, len(got))
	}
	for name, url := range map[string]string{
		"another account": strings.Replace(told.Code.Location, "123456789012", "210987654321", 1),
		"another file":    told.Code.Location + "/../package.zip",
		"no signature":    told.Code.Location[:strings.LastIndexByte(told.Code.Location, '/')+1],
		"nothing":         r.Endpoint() + "/_ambit/function-code/",
	} {
		if status, got := get(url); status < 400 {
			t.Errorf("%s: %d %s", name, status, got)
		}
	}
	for _, header := range [][]string{{"Origin", "http://page.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Host", "page.example"}} {
		if status, got := get(told.Code.Location, header...); status != 403 {
			t.Errorf("for a page, which %s shows: %d %s", header, status, got)
		}
	}
	if status, got := get(told.Code.Location + "?more"); status != 403 {
		t.Errorf("with a query: %d %s", status, got)
	}
	now = now.Add(11 * time.Minute)
	if status, got := get(told.Code.Location); status != 403 || !strings.Contains(got, "expired") {
		t.Errorf("eleven minutes later: %d %s", status, got)
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not within two minutes", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// active waits until f can be invoked.
func (r *running) active(t *testing.T) {
	t.Helper()
	eventually(t, "the function is active", func() bool {
		_, body := r.lambda(t, r.admin(), "GET", functions+"/f/configuration", "")
		if strings.Contains(body, `"State":"Failed"`) {
			t.Skipf("SKIPPED: functions do not run here: %s", body)
		}
		return strings.Contains(body, `"State":"Active"`)
	})
}

// TestFunctionsSurviveARestart, with their code; a deleted function leaves no file.
func TestFunctionsSurviveARestart(t *testing.T) {
	t.Parallel()
	needsPython(t)
	dir := t.TempDir()
	kept := func(o *server.Options) { o.Memory, o.Data = false, dir }
	r := start(t, kept)
	r.deploy(t, returnsEvent)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, kept)
	r.active(t)
	if status, body := r.lambda(t, r.admin(), "POST", functions+"/f/invocations", `{"a":[1]}`); status != 200 || strings.ReplaceAll(body, " ", "") != `{"a":[1]}` {
		t.Errorf("%d %s", status, body)
	}
	packages := func() int {
		found, err := filepath.Glob(filepath.Join(dir, "planes", "123456789012", "us-east-1", "lambda", "files", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if n := packages(); n != 1 {
		t.Errorf("%d packages", n)
	}
	if status, body := r.lambda(t, r.admin(), "PUT", functions+"/f/code", `{"ZipFile":"`+zipped(t, "index.py", failsAndTells)+`"}`); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	eventually(t, "one package is left of two", func() bool { return packages() == 1 })
	if status, body := r.lambda(t, r.admin(), "PUT", functions+"/f/code", `{"ZipFile":"AAAA"}`); status != 400 {
		t.Errorf("%d %s", status, body)
	}
	if status, body := r.lambda(t, r.admin(), "DELETE", functions+"/f", ""); status != 204 {
		t.Errorf("%d %s", status, body)
	}
	eventually(t, "no package is left", func() bool { return packages() == 0 })
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "functions")); err == nil && len(left) > 0 {
		t.Errorf("left where functions run: %v", left)
	}
}

// TestAsynchronousInvocations are tried three times, and then dropped. Their output is in the logs of their role.
func TestAsynchronousInvocations(t *testing.T) {
	t.Parallel()
	needsPython(t)
	r := start(t, func(o *server.Options) { o.RetryFunctionsAfter = []time.Duration{time.Millisecond, time.Millisecond} })
	r.deploy(t, failsAndTells)
	r.active(t)
	if status, body := r.lambda(t, r.admin(), "POST", functions+"/f/invocations", `{}`, "X-Amz-Invocation-Type", "Event"); status != 202 {
		t.Fatalf("%d %s", status, body)
	}
	eventually(t, "the event is dropped", func() bool { return strings.Contains(r.logs.String(), "the code failed too often") })
	logged := func() string {
		_, body := r.call(t, request{service: "logs", body: `{"logGroupName":"/aws/lambda/f","filterPattern":"attempt"}`, header: map[string]string{
			"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Logs_20140328.FilterLogEvents"}}, r.admin())
		return body
	}
	eventually(t, "three attempts are logged", func() bool { return strings.Count(logged(), "attempt ") >= 3 })
	if n := strings.Count(logged(), "attempt "); n != 3 {
		t.Errorf("%d attempts", n)
	}
}

// TestARoleThatTrustsNobodyAnyMore gives no credentials: its function does not run.
func TestARoleThatTrustsNobodyAnyMore(t *testing.T) {
	t.Parallel()
	needsPython(t)
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	r.active(t)
	other := strings.Replace(lambdaTrust, "lambda.", "ec2.", 1)
	if _, err := r.iam(r.admin()).UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("functionRole"), PolicyDocument: &other}); err != nil {
		t.Fatal(err)
	}
	status, body := r.lambda(t, r.admin(), "POST", functions+"/f/invocations", `{}`)
	if status != 403 || !strings.Contains(body, "The role defined for the function cannot be assumed by Lambda.") {
		t.Errorf("%d %s", status, body)
	}
	status, body = r.lambda(t, r.admin(), "POST", functions, strings.Replace(newFunction(t, returnsEvent, ""), `"f"`, `"g"`, 1))
	if status != 400 || !strings.Contains(body, "The role defined for the function cannot be assumed by Lambda.") {
		t.Errorf("%d %s", status, body)
	}
}

// TestFunctionsAreNotAnsweredUnsigned: what is open to everybody on this machine is not open to functions, whose roles bound them.
func TestFunctionsAreNotAnsweredUnsigned(t *testing.T) {
	t.Parallel()
	needsPython(t)
	if !function.Contain().Contained {
		t.Skip("SKIPPED: functions are not contained here")
	}
	r := start(t, func(o *server.Options) { o.AllowReset = true })
	id := r.launch(t, "")
	instance := r.endpoints(t)[id]
	r.deploy(t, `import urllib.request, urllib.error
def handler(event, context):
    seen = []
    for method, url in event:
        try:
            seen.append(urllib.request.urlopen(urllib.request.Request(url, method=method)).status)
        except urllib.error.HTTPError as e:
            seen.append(e.code)
    return seen
`)
	r.active(t)
	asked := fmt.Sprintf(`[["POST","%s/_ambit/reset"],["GET","%s/latest/"],["GET","%[1]s/healthz"]]`, r.Endpoint(), instance)
	status, body := r.lambda(t, r.admin(), "POST", functions+"/f/invocations", asked)
	if status != 200 || strings.ReplaceAll(body, " ", "") != "[403,403,200]" {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := askMetadata(t, instance, "/latest/"); status != http.StatusOK {
		t.Errorf("somebody else is not answered: %d", status)
	}
}

// TestTagsAreOfFunctions: versions and aliases have none, and are not another name for their function's.
func TestTagsAreOfFunctions(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	const tags = "/2017-03-31/tags/" + functionARN
	if status, body := r.lambda(t, r.admin(), "POST", tags, `{"Tags":{"team":"a"}}`); status != http.StatusNoContent {
		t.Fatal(status, body)
	}
	for _, qualifier := range []string{":1", ":live", ":$LATEST"} {
		for _, call := range [][3]string{{"POST", "", `{"Tags":{"team":"b"}}`}, {"DELETE", "?tagKeys=team", ""}, {"GET", "", ""}} {
			status, body := r.lambda(t, r.admin(), call[0], tags+qualifier+call[1], call[2])
			if status != http.StatusBadRequest || !strings.Contains(body, "Tags on function aliases and versions are not supported. Please specify a function ARN.") {
				t.Errorf("%s %s: %d %s", call[0], qualifier, status, body)
			}
		}
	}
	if status, body := r.lambda(t, r.admin(), "GET", tags, ""); status != http.StatusOK || body != `{"Tags":{"team":"a"}}` {
		t.Errorf("%d %s", status, body)
	}
}

// TestWhatFunctionsCannotHave: clients that look at a whole function learn that it has none of it, where it is there.
func TestWhatFunctionsCannotHave(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	const (
		nothing    = `{"Type":"User","Message":"The resource you requested does not exist."}`
		noFunction = `"Function not found: arn:aws:lambda:us-east-1:123456789012:function:none"`
	)
	for _, tt := range []struct {
		path   string
		status int
		want   string
	}{
		{"/2015-03-31/event-source-mappings", 200, `{"EventSourceMappings":[]}`},
		{"/2015-03-31/event-source-mappings?FunctionName=f&MaxItems=100", 200, `{"EventSourceMappings":[]}`},
		{"/2015-03-31/event-source-mappings?Marker=x", 400, `"Invalid Marker."`},
		{"/2015-03-31/event-source-mappings/a1b2c3d4-0000-4000-8000-0123456789ab", 404, nothing},
		{"/2020-04-22/code-signing-configs", 200, `{"CodeSigningConfigs":[]}`},
		{"/2020-04-22/code-signing-configs?MaxItems=0", 400, `"1 validation error detected: Value '0' at 'maxItems' failed`},
		{"/2021-10-31/functions/f/urls", 200, `{"FunctionUrlConfigs":[]}`},
		{"/2021-10-31/functions/none/urls", 404, noFunction},
		{"/2021-10-31/functions/f/url", 404, nothing},
		{"/2021-10-31/functions/none/url", 404, nothing},
		{"/2019-09-30/functions/f/provisioned-concurrency?List=ALL", 200, `{"ProvisionedConcurrencyConfigs":[]}`},
		{"/2019-09-30/functions/none/provisioned-concurrency?List=ALL", 404, noFunction},
	} {
		if status, body := r.lambda(t, r.admin(), "GET", tt.path, ""); status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s: %d %s", tt.path, status, body)
		}
	}
}
