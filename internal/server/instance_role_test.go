package server_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/server"
)

const trustInEC2 = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`

// instanceRole makes a role that EC2 may assume, with a policy of this statement, and a profile of the same name that holds it.
func (r *running) instanceRole(t *testing.T, name, statement string) {
	t.Helper()
	ctx, c := context.Background(), r.iam(r.admin())
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trustInEC2)}))
	must[*iam.PutRolePolicyOutput](t)(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("p"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":` + statement + `}`)}))
	must[*iam.CreateInstanceProfileOutput](t)(c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: &name}))
	must[*iam.AddRoleToInstanceProfileOutput](t)(c.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &name, RoleName: &name}))
}

// ec2 makes a call of EC2 as the administrator, which must succeed.
func (r *running) ec2(t *testing.T, parameters string) string {
	t.Helper()
	status, body := r.call(t, form("ec2", parameters+"&Version=2016-11-15"), r.admin())
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", parameters, status, body)
	}
	return body
}

var instanceID = regexp.MustCompile(`<instanceId>(i-[0-9a-f]+)</instanceId>`)

// launch launches one instance and returns its id.
func (r *running) launch(t *testing.T, more string) string {
	t.Helper()
	images := r.ec2(t, "Action=DescribeImages&Owner.1=amazon&Filter.1.Name=architecture&Filter.1.Value.1=x86_64")
	image := regexp.MustCompile(`<imageId>([^<]*)`).FindStringSubmatch(images)[1]
	return instanceID.FindStringSubmatch(r.ec2(t, "Action=RunInstances&MinCount=1&MaxCount=1&InstanceType=t3.micro&ImageId="+image+more))[1]
}

// endpoints are the metadata services of the account, by instance.
func (r *running) endpoints(t *testing.T) map[string]string {
	t.Helper()
	status, body := r.own(t, "DescribeInstanceEndpoints", url.Values{}, r.admin())
	var answer struct {
		Instances []struct{ InstanceId, Endpoint string } `xml:"DescribeInstanceEndpointsResult>Instances>member"`
	}
	if err := xml.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	out := map[string]string{}
	for _, i := range answer.Instances {
		out[i.InstanceId] = i.Endpoint
	}
	return out
}

// isGone demands that nobody at an endpoint answers for an instance. Somebody else may have its port by now.
func isGone(t *testing.T, endpoint, id string) {
	t.Helper()
	if status, body := askMetadata(t, endpoint, "/latest/meta-data/instance-id"); status == http.StatusOK && body == id {
		t.Errorf("%s still answers at %s", id, endpoint)
	}
}

// isTaken demands that nobody else can have the port of an endpoint, as a function would try: sharing the address.
func isTaken(t *testing.T, endpoint string) {
	t.Helper()
	address := strings.TrimPrefix(endpoint, "http://")
	if l, err := net.Listen("tcp4", address); err == nil {
		l.Close()
		t.Errorf("%s is free", address)
	}
}

// askMetadata asks a metadata service by version 2. Nobody at the endpoint is status 0.
func askMetadata(t *testing.T, endpoint, path string) (status int, body string) {
	t.Helper()
	status, token := askLoopback(t, http.MethodPut, endpoint+"/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60")
	if status != http.StatusOK {
		return status, token
	}
	return askLoopback(t, http.MethodGet, endpoint+path, "X-aws-ec2-metadata-token", token)
}

func askLoopback(t *testing.T, method, target string, header ...string) (status int, body string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(header); n += 2 {
		q.Header.Set(header[n], header[n+1])
	}
	answer, err := client.Do(q)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

const credentialsPath = "/latest/meta-data/iam/security-credentials/"

type instanceCredentials struct{ Code, Message, AccessKeyId, SecretAccessKey, Token, Expiration string }

// credentialsAt takes the credentials of a role.
func credentialsAt(t *testing.T, endpoint, role string) (instanceCredentials, aws.Credentials) {
	t.Helper()
	status, body := askMetadata(t, endpoint, credentialsPath+role)
	var c instanceCredentials
	if err := json.Unmarshal([]byte(body), &c); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	return c, aws.Credentials{AccessKeyID: c.AccessKeyId, SecretAccessKey: c.SecretAccessKey, SessionToken: c.Token}
}

// TestAnInstanceIsItsRole: who asks at an instance's endpoint is the session of its role, and the keys of the session say which
// instance it is and how it asked.
func TestAnInstanceIsItsRole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	r.instanceRole(t, "app", `{"Effect":"Allow","Action":"ec2:DescribeRegions","Resource":"*"}`)
	id := r.launch(t, "&IamInstanceProfile.Name=app&MetadataOptions.HttpTokens=optional")
	endpoint := r.endpoints(t)[id]
	if status, body := askMetadata(t, endpoint, credentialsPath); status != http.StatusOK || body != "app" {
		t.Fatalf("%s: %d %s", endpoint, status, body)
	}
	first, c := credentialsAt(t, endpoint, "app")
	who := must[*sts.GetCallerIdentityOutput](t)(r.sts(c).GetCallerIdentity(ctx, nil))
	if want := "arn:aws:sts::123456789012:assumed-role/app/" + id; *who.Arn != want {
		t.Errorf("the instance is %s, want %s", *who.Arn, want)
	}
	ends, err := time.Parse(time.RFC3339, first.Expiration)
	if left := time.Until(ends); err != nil || left < 5*time.Hour || left > 6*time.Hour+time.Minute {
		t.Errorf("the credentials last %v: %v", left, err)
	}
	kept := false
	for range 10 { // what the server notes of the use of keys, now and then, replaces them too
		again, _ := credentialsAt(t, endpoint, "app")
		kept, first = again == first, again
		if kept {
			break
		}
	}
	if !kept {
		t.Error("there are other credentials each time")
	}

	describe := form("ec2", "Action=DescribeRegions&Version=2016-11-15")
	_, v1Text := askLoopback(t, http.MethodGet, endpoint+credentialsPath+"app")
	var v1 instanceCredentials
	if err := json.Unmarshal([]byte(v1Text), &v1); err != nil {
		t.Fatal(err)
	}
	older := aws.Credentials{AccessKeyID: v1.AccessKeyId, SecretAccessKey: v1.SecretAccessKey, SessionToken: v1.Token}
	address := regexp.MustCompile(`<privateIpAddress>([^<]*)`).FindStringSubmatch(r.ec2(t, "Action=DescribeInstances"))[1]
	vpc := regexp.MustCompile(`<vpcId>([^<]*)`).FindStringSubmatch(r.ec2(t, "Action=DescribeVpcs"))[1]
	for condition, want := range map[string][2]int{ // by version 2, by version 1
		`{"NumericGreaterThanEquals":{"ec2:RoleDelivery":"2.0"}}`:                                                            {200, 403},
		`{"NumericEquals":{"ec2:RoleDelivery":"1.0"}}`:                                                                       {403, 200},
		`{"ArnEquals":{"ec2:SourceInstanceARN":"arn:aws:ec2:us-east-1:123456789012:instance/` + id + `"}}`:                   {200, 200},
		`{"ArnLike":{"ec2:SourceInstanceARN":"arn:aws:ec2:us-east-1:123456789012:instance/i-0"}}`:                            {403, 403},
		`{"StringEquals":{"aws:EC2InstanceSourceVPC":"` + vpc + `"}}`:                                                        {200, 200},
		`{"StringEquals":{"aws:EC2InstanceSourceVPC":"vpc-0"}}`:                                                              {403, 403},
		`{"IpAddress":{"aws:EC2InstanceSourcePrivateIPv4":"` + address + `"}}`:                                               {200, 200},
		`{"NotIpAddress":{"aws:EC2InstanceSourcePrivateIPv4":"172.31.0.0/16"}}`:                                              {403, 403},
		`{"StringEquals":{"aws:userid":"` + *who.UserId + `"},"Null":{"lambda:SourceFunctionArn":"true"}}`:                   {200, 200},
		`{"Null":{"ec2:SourceInstanceARN":"true"}}`:                                                                          {403, 403},
		`{"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/app","aws:ResourceAccount":"` + account + `"}}`: {200, 200},
	} {
		must[*iam.PutRolePolicyOutput](t)(r.iam(r.admin()).PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("app"), PolicyName: aws.String("p"),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:DescribeRegions","Resource":"*","Condition":` + condition + `}}`)}))
		for n, by := range []aws.Credentials{c, older} {
			if status, body := r.call(t, describe, by); status != want[n] {
				t.Errorf("%s, by version %d: %d %s, want %d", condition, 2-n, status, body, want[n])
			}
		}
	}
	if next, _ := credentialsAt(t, endpoint, "app"); next.AccessKeyId == first.AccessKeyId {
		t.Error("what bears on the role changed, and the old credentials are still handed out")
	}
}

// TestTheLifeOfAnEndpoint: it is there while the instance runs, and is as the instance's options say.
func TestTheLifeOfAnEndpoint(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	id := r.launch(t, "")
	endpoint := r.endpoints(t)[id]
	status := func(path string) int {
		t.Helper()
		got, _ := askMetadata(t, endpoint, path)
		return got
	}
	is := func(when string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d, want %d", when, got, want)
		}
	}
	const self = "/latest/meta-data/instance-id"
	is("launched", status(self), 200)
	is("without a profile", status("/latest/meta-data/iam/"), 404)
	modify := func(more string) { r.ec2(t, "Action=ModifyInstanceMetadataOptions&InstanceId="+id+more) }
	v1 := func() int {
		got, _ := askLoopback(t, http.MethodGet, endpoint+self)
		return got
	}
	is("by version 1", v1(), 401)
	modify("&HttpTokens=optional")
	is("by version 1, which is let now", v1(), 200)
	modify("&HttpTokens=required")
	is("by version 1, which is not let any more", v1(), 401)
	is("tags that are not shown", status("/latest/meta-data/tags/instance"), 404)
	r.ec2(t, "Action=CreateTags&ResourceId.1="+id+"&Tag.1.Key=Name&Tag.1.Value=web")
	modify("&InstanceMetadataTags=enabled")
	is("tags", status("/latest/meta-data/tags/instance/Name"), 200)
	modify("&HttpEndpoint=disabled")
	is("turned off", status(self), 403)
	modify("&HttpEndpoint=enabled")

	waitFor := func(state string) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !strings.Contains(r.ec2(t, "Action=DescribeInstances"), "<name>"+state+"</name>"); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("it is not %s", state)
			}
		}
	}
	waitFor("running")
	r.ec2(t, "Action=RebootInstances&InstanceId.1="+id)
	is("rebooted", status(self), 200)
	_, token := askLoopback(t, http.MethodPut, endpoint+"/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "600")
	r.ec2(t, "Action=StopInstances&InstanceId.1="+id)
	if got := r.endpoints(t)[id]; got != "" {
		t.Errorf("stopped, it has %s", got)
	}
	is("stopped", status(self), 503)
	isTaken(t, endpoint)
	waitFor("stopped")
	r.ec2(t, "Action=StartInstances&InstanceId.1="+id)
	if got := r.endpoints(t)[id]; got != endpoint {
		t.Fatalf("before the stop it had %s, after it %q", endpoint, got)
	}
	is("started", status(self), 200)
	if status, _ := askLoopback(t, http.MethodGet, endpoint+self, "X-aws-ec2-metadata-token", token); status != http.StatusUnauthorized {
		t.Errorf("a token of before the stop: %d", status)
	}
	waitFor("running")
	r.ec2(t, "Action=StopInstances&InstanceId.1="+id)
	r.ec2(t, "Action=TerminateInstances&InstanceId.1="+id)
	isGone(t, endpoint, id)
}

// TestARoleThatIsTakenBack: what an instance may be is judged each time that it asks.
func TestARoleThatIsTakenBack(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, admin := context.Background(), r.iam(r.admin())
	for _, name := range []string{"app", "other"} {
		r.instanceRole(t, name, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	}
	id := r.launch(t, "&IamInstanceProfile.Name=app")
	endpoint := r.endpoints(t)[id]
	trustIn := func(who string) {
		must[*iam.UpdateAssumeRolePolicyOutput](t)(admin.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("app"),
			PolicyDocument: aws.String(strings.ReplaceAll(trustInEC2, "ec2.amazonaws.com", who))}))
	}
	if c, _ := credentialsAt(t, endpoint, "app"); c.Code != "Success" {
		t.Fatalf("%+v", c)
	}
	trustIn("lambda.amazonaws.com")
	if c, _ := credentialsAt(t, endpoint, "app"); c.Code != "AssumeRoleUnauthorizedAccess" || c.AccessKeyId != "" || !strings.HasPrefix(c.Message, "EC2 cannot assume the role app.  ") {
		t.Errorf("without trust: %+v", c)
	}
	trustIn("ec2.amazonaws.com")
	if c, _ := credentialsAt(t, endpoint, "app"); c.Code != "Success" {
		t.Errorf("with trust again: %+v", c)
	}

	association := regexp.MustCompile(`<associationId>([^<]*)`).FindStringSubmatch(r.ec2(t, "Action=DescribeIamInstanceProfileAssociations"))[1]
	r.ec2(t, "Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=other&AssociationId="+association)
	if status, _ := askMetadata(t, endpoint, credentialsPath+"app"); status != 404 {
		t.Errorf("the replaced role: %d", status)
	}
	_, other := credentialsAt(t, endpoint, "other")
	if who := must[*sts.GetCallerIdentityOutput](t)(r.sts(other).GetCallerIdentity(ctx, nil)); !strings.Contains(*who.Arn, "/other/"+id) {
		t.Errorf("the instance is %s", *who.Arn)
	}
	must[*iam.RemoveRoleFromInstanceProfileOutput](t)(admin.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: aws.String("other"), RoleName: aws.String("other")}))
	if status, _ := askMetadata(t, endpoint, credentialsPath); status != 404 {
		t.Errorf("a profile without a role: %d", status)
	}
	must[*iam.DeleteInstanceProfileOutput](t)(admin.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: aws.String("other")}))
	if _, body := askMetadata(t, endpoint, "/latest/meta-data/iam/info"); !strings.Contains(body, "InstanceProfileNotFound") {
		t.Errorf("a profile that is gone: %s", body)
	}
	association = regexp.MustCompile(`<associationId>([^<]*)`).FindStringSubmatch(r.ec2(t, "Action=DescribeIamInstanceProfileAssociations"))[1]
	r.ec2(t, "Action=DisassociateIamInstanceProfile&AssociationId="+association)
	if status, _ := askMetadata(t, endpoint, "/latest/meta-data/iam/info"); status != 404 {
		t.Errorf("no profile: %d", status)
	}
}

// TestEndpointsComeBack: a server that starts again has the endpoints of the instances that ran, at the same ports, and one that ends
// or is reset has none.
func TestEndpointsComeBack(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	onDisk := func(o *server.Options) { o.Memory, o.Data = false, data }
	r := start(t, onDisk)
	runs, stops := r.launch(t, ""), r.launch(t, "")
	for deadline := time.Now().Add(time.Minute); strings.Contains(r.ec2(t, "Action=DescribeInstances"), "<name>pending</name>"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("they do not run")
		}
	}
	kept := r.endpoints(t)[stops]
	r.ec2(t, "Action=StopInstances&InstanceId.1="+stops)
	before := r.endpoints(t)[runs]
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	isGone(t, before, runs)
	again := start(t, onDisk)
	after := again.endpoints(t)
	if after[runs] == "" || after[stops] != "" {
		t.Fatalf("before %s, after %v", before, after)
	}
	if _, id := askMetadata(t, after[runs], "/latest/meta-data/instance-id"); id != runs {
		t.Errorf("the endpoint of %s is that of %s", runs, id)
	}
	isTaken(t, kept)
	if after[runs] != before {
		t.Logf("the port was taken by somebody else meanwhile: %s, then %s", before, after[runs])
	}
}

// TestAnEndpointThatMovedIsLogged: who was told of the port before finds somebody else there.
func TestAnEndpointThatMovedIsLogged(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	r := start(t, func(o *server.Options) { o.Memory, o.Data = false, data })
	id := r.launch(t, "")
	before := r.endpoints(t)[id]
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	other, err := net.Listen("tcp4", strings.TrimPrefix(before, "http://"))
	if err == nil { // else somebody else has it indeed
		defer other.Close()
	}
	var said syncBuffer
	again := start(t, func(o *server.Options) {
		o.Memory, o.Data, o.Logger = false, data, slog.New(slog.NewTextHandler(&said, nil))
	})
	after := again.endpoints(t)[id]
	if err := again.stop(); err != nil { // after which nothing is logged any more
		t.Fatal(err)
	}
	if after == "" || after == before || !strings.Contains(said.String(), "another port") || !strings.Contains(said.String(), id) {
		t.Errorf("before %s, after %s; logged: %s", before, after, said.String())
	}
}

func TestAResetClosesEndpoints(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *server.Options) { o.AllowReset = true })
	id := r.launch(t, "")
	endpoint := r.endpoints(t)[id]
	if status, _ := askMetadata(t, endpoint, "/latest/"); status != http.StatusOK {
		t.Fatalf("before: %d", status)
	}
	if status, body := askLoopback(t, http.MethodPost, r.Endpoint()+"/_ambit/reset"); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	isGone(t, endpoint, id)
	if all := r.endpoints(t); len(all) != 0 {
		t.Errorf("after: %v", all)
	}
}
