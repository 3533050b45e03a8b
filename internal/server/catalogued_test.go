package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ambit-iam/ambit/catalog"
	"github.com/ambit-iam/ambit/catalog/operation"
)

// catalogued is a request for an operation that has no row.
func catalogued(s operation.Service, name string) (request, bool) {
	switch s.Protocol {
	case operation.AWSQuery, operation.EC2Query:
		return form(s.Name, "Action="+name+"&Version="+s.Version), true
	case operation.AWSJSON10, operation.AWSJSON11:
		kind := map[operation.Protocol]string{operation.AWSJSON10: "application/x-amz-json-1.0", operation.AWSJSON11: "application/x-amz-json-1.1"}[s.Protocol]
		return request{service: s.Name, body: "{}", header: map[string]string{"Content-Type": kind, "X-Amz-Target": s.TargetPrefix + "." + name}}, true
	}
	return request{}, false
}

// TestWhatOnlyTheCatalogNames is denied to a caller without policies, in the shape of its service: every action of every service whose
// calls have names, also those that nobody has described.
func TestWhatOnlyTheCatalogNames(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	nobody, asked := r.nobody(t, "nobody"), 0
	for _, s := range operation.Services() {
		known, ok := catalog.FindService(s.Namespace)
		if !ok || s.Whole {
			continue
		}
		for _, action := range known.Actions() {
			if _, has := operation.Find(s.Name, action.Name); has {
				continue // and is asked for by TestEveryOperationIsDenied
			}
			q, ok := catalogued(s, action.Name)
			if !ok {
				continue
			}
			asked++
			status, body := r.call(t, q, nobody)
			if operation.OnlyPermission(s.Name, action.Name) {
				if status != http.StatusBadRequest || !strings.Contains(body, "UnknownOperationException") && !strings.Contains(body, "<Code>InvalidAction</Code>") {
					t.Errorf("%s is no call: %d %s", action, status, body)
				}
				continue
			}
			if wrong := notDenied(s.Name, false, status, body); wrong != "" || !strings.Contains(body, action.String()) {
				t.Errorf("%s: %d %s: %s", action, status, body, wrong)
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d actions were asked for", asked)
	}
}

// TestWhatOnlyTheCatalogNamesIsNotImplemented for who may do it on every resource.
func TestWhatOnlyTheCatalogNamesIsNotImplemented(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	allowed := func(name, resource string) aws.Credentials {
		return r.with(t, name, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"`+resource+`"}}`)
	}
	nobody := r.nobody(t, "nobody")
	everywhere, somewhere := allowed("everywhere", "*"), allowed("somewhere", "arn:aws:ec2:*:*:vpc/*")
	ask := func(service, name string) request {
		s, _ := operation.FindService(service)
		q, _ := catalogued(s, name)
		return q
	}
	for _, tt := range []struct {
		request
		by   aws.Credentials
		want string
	}{
		{ask("ec2", "CreateVpc"), r.admin(), "501 <Code>NotImplemented</Code>"},
		{ask("ec2", "CreateVpc"), everywhere, "501 <Code>NotImplemented</Code>"},
		{ask("ec2", "CreateVpc"), somewhere, "403 <Code>UnauthorizedOperation</Code>"},
		{ask("ec2", "createvpc"), r.admin(), "400 <Code>InvalidAction</Code>"},
		{form("ec2", "Action=CreateVpc&Version=2015-01-01"), r.admin(), "400 <Code>InvalidAction</Code>"},
		{ask("sns", "Publish"), r.admin(), "501 <Code>NotImplemented</Code>"},
		{ask("sqs", "SendMessage"), r.admin(), `501 NotImplementedException`},
		{ask("kms", "Encrypt"), r.admin(), `501 NotImplementedException`},
		{ask("dynamodb", "ExportTableToPointInTime"), r.admin(), `501 NotImplementedException`},
		{ask("dynamodb", "MakeMeRoot"), r.admin(), `400 UnknownOperationException`},
		{ask("dynamodb", "PartiQLSelect"), r.admin(), `400 UnknownOperationException`},
		{ask("logs", "Link"), r.admin(), `400 UnknownOperationException`},
		{ask("ec2", "InjectApiError"), r.admin(), "400 <Code>InvalidAction</Code><Message>The action InjectApiError is not valid for this web service.</Message>"},
		{ask("ec2", "CreateVpc"), somewhere, "403 Encoded authorization failure message: "},
		{ask("ec2", "CreateVpc"), nobody, "403 because no identity-based policy allows the ec2:CreateVpc action. Encoded authorization failure message: "},
		{ask("ec2", "DescribeVpnGateways"), nobody, "403 because no identity-based policy allows the ec2:DescribeVpnGateways action</Message>"},
		{ask("ssm", "StartSession"), r.admin(), `400 "message":"1 validation error detected: Value null at 'target' failed to satisfy constraint: Member must not be null"`},
		{ask("iam", "PassRole"), r.admin(), "400 <Code>InvalidAction</Code>"}, // every call of IAM has a row
	} {
		status, body := r.call(t, tt.request, tt.by)
		code, part, _ := strings.Cut(tt.want, " ")
		if fmt.Sprint(status) != code || !strings.Contains(body, part) {
			t.Errorf("%s %s: %d %s, want %s", tt.body, tt.header["X-Amz-Target"], status, body, tt.want)
		}
	}
	unsigned := r.sign(t, ask("ec2", "CreateVpc"), r.admin(), time.Now())
	unsigned.Header.Del("Authorization")
	if status, _, body := send(t, unsigned); status == http.StatusNotImplemented || !strings.Contains(body, "MissingAuthenticationToken") {
		t.Errorf("unsigned: %d %s", status, body)
	}
}
