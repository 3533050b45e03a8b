package wire_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/wire"
)

var stamp = wire.Stamp{RequestID: "7a62c49f-347e-4fc4-9331-6e8eEXAMPLE", HostID: "aWQ="}

// listBuckets and instances are how S3's and EC2's outputs are written by hand.
type listBuckets struct {
	_       struct{} `wire:"ListAllMyBucketsResult"`
	Owner   *owner
	Buckets []bucket `wire:"Buckets,item=Bucket"`
	Secret  string   `wire:"-"`
}

type owner struct{ ID, DisplayName string }

type bucket struct {
	Name         string
	CreationDate time.Time
}

type location struct {
	_    struct{} `wire:"LocationConstraint"`
	Text string   `wire:",text"`
}

type listObjects struct {
	_           struct{} `wire:"ListBucketResult"`
	Name        string
	Contents    []bucket `wire:"Contents,flat"`
	IsTruncated bool
}

type reservations struct {
	Reservations []struct {
		ID        *string  `wire:"reservationId"`
		Instances []string `wire:"instancesSet"`
	} `wire:"reservationSet"`
}

var created = time.Date(2026, 1, 2, 3, 4, 5, 600e6, time.UTC)

// answers are outputs, each with the bytes that AWS would send.
var answers = []struct {
	service, operation string
	output             any
	want               string
}{
	{
		"sts", "GetCallerIdentity", &sts.GetCallerIdentityOutput{
			Account: aws.String("123456789012"), Arn: aws.String("arn:aws:iam::123456789012:user/Alice"), UserId: aws.String("AIDASAMPLEUSERID"),
		},
		`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
			`<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/Alice</Arn><UserId>AIDASAMPLEUSERID</UserId>` +
			`</GetCallerIdentityResult><ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata>` +
			`</GetCallerIdentityResponse>`,
	}, {
		"iam", "CreateRole", &iam.CreateRoleOutput{Role: &iamtypes.Role{
			Arn: aws.String("arn:aws:iam::123456789012:role/r"), AssumeRolePolicyDocument: aws.String("%7B%7D"), CreateDate: &created,
			Path: aws.String("/"), RoleId: aws.String("AROASAMPLE"), RoleName: aws.String("r"), Description: aws.String(`a<b>&"c"` + "\r\n\x01"),
			PermissionsBoundary: &iamtypes.AttachedPermissionsBoundary{
				PermissionsBoundaryArn: aws.String("arn:aws:iam::123456789012:policy/b"), PermissionsBoundaryType: "Policy"},
			Tags: []iamtypes.Tag{{Key: aws.String("k"), Value: aws.String("")}}, RoleLastUsed: &iamtypes.RoleLastUsed{},
		}},
		`<CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateRoleResult><Role><Arn>arn:aws:iam::123456789012:role/r</Arn>` +
			`<CreateDate>2026-01-02T03:04:05Z</CreateDate><Path>/</Path><RoleId>AROASAMPLE</RoleId><RoleName>r</RoleName>` +
			`<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument><Description>a&lt;b&gt;&amp;&quot;c&quot;&#xD;` + "\n\uFFFD" + `</Description>` +
			`<PermissionsBoundary><PermissionsBoundaryArn>arn:aws:iam::123456789012:policy/b</PermissionsBoundaryArn>` +
			`<PermissionsBoundaryType>Policy</PermissionsBoundaryType></PermissionsBoundary><RoleLastUsed/>` +
			`<Tags><member><Key>k</Key><Value/></member></Tags></Role></CreateRoleResult>` +
			`<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></CreateRoleResponse>`,
	}, {
		"iam", "ListAttachedRolePolicies", iam.ListAttachedRolePoliciesOutput{AttachedPolicies: []iamtypes.AttachedPolicy{}},
		`<ListAttachedRolePoliciesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListAttachedRolePoliciesResult>` +
			`<AttachedPolicies/><IsTruncated>false</IsTruncated></ListAttachedRolePoliciesResult>` +
			`<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></ListAttachedRolePoliciesResponse>`,
	}, {
		"iam", "AttachRolePolicy", &iam.AttachRolePolicyOutput{},
		`<AttachRolePolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">` +
			`<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></AttachRolePolicyResponse>`,
	}, {
		"iam", "DeleteRole", nil,
		`<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">` +
			`<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></DeleteRoleResponse>`,
	}, {
		"iam", "UpdateRole", &iam.UpdateRoleOutput{},
		`<UpdateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><UpdateRoleResult/>` +
			`<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></UpdateRoleResponse>`,
	}, {
		"iam", "GetUser", &iam.GetUserOutput{User: &iamtypes.User{UserName: aws.String("zoë"), CreateDate: &created}},
		`<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User>` +
			`<CreateDate>2026-01-02T03:04:05Z</CreateDate><UserName>zoë</UserName></User></GetUserResult>` +
			`<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></GetUserResponse>`,
	}, {
		"iam", "GetAccountSummary", &iam.GetAccountSummaryOutput{SummaryMap: map[string]int32{"Users": 2, "Groups": 1}},
		`<GetAccountSummaryResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountSummaryResult><SummaryMap>` +
			`<entry><key>Groups</key><value>1</value></entry><entry><key>Users</key><value>2</value></entry></SummaryMap></GetAccountSummaryResult>` +
			`<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></GetAccountSummaryResponse>`,
	}, {
		"ec2", "DescribeInstances", &reservations{},
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">` +
			`<requestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</requestId></DescribeInstancesResponse>`,
	}, {
		"ec2", "DeleteTags", nil,
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<DeleteTagsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">` +
			`<requestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</requestId><return>true</return></DeleteTagsResponse>`,
	}, {
		"s3", "ListBuckets", &listBuckets{Owner: &owner{ID: "o"}, Buckets: []bucket{{"b", created}}, Secret: "s"},
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
			`<Owner><ID>o</ID></Owner><Buckets><Bucket><Name>b</Name><CreationDate>2026-01-02T03:04:05.600Z</CreationDate></Bucket></Buckets>` +
			`</ListAllMyBucketsResult>`,
	}, {
		"s3", "GetBucketLocation", &location{Text: "eu-central-1"},
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
			`<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-central-1</LocationConstraint>`,
	}, {
		"s3", "ListObjects", &listObjects{Name: "b", Contents: []bucket{{Name: "1", CreationDate: created}, {Name: "2", CreationDate: created}}},
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>` +
			`<Contents><Name>1</Name><CreationDate>2026-01-02T03:04:05.600Z</CreationDate></Contents>` +
			`<Contents><Name>2</Name><CreationDate>2026-01-02T03:04:05.600Z</CreationDate></Contents><IsTruncated>false</IsTruncated></ListBucketResult>`,
	}, {
		"s3", "DeleteBucket", nil, "",
	},
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	for _, c := range answers {
		t.Run(c.service+" "+c.operation, func(t *testing.T) {
			t.Parallel()
			d, _ := wire.DialectOf(c.service)
			w := httptest.NewRecorder()
			if err := wire.NewCodec().WriteOutput(w, d, c.operation, 200, c.output, stamp); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, w.Body.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			id := w.Header().Get("X-Amzn-RequestId")
			if c.service == "s3" {
				id = w.Header().Get("X-Amz-Request-Id")
			}
			if id != stamp.RequestID || w.Code != 200 {
				t.Errorf("request id %q, status %d", id, w.Code)
			}
		})
	}
}

func TestOutputsWithInstances(t *testing.T) {
	t.Parallel()
	out := reservations{}
	out.Reservations = append(out.Reservations, struct {
		ID        *string  `wire:"reservationId"`
		Instances []string `wire:"instancesSet"`
	}{aws.String("r-1"), []string{"i-1", "i-2"}})
	d, _ := wire.DialectOf("ec2")
	w := httptest.NewRecorder()
	if err := wire.NewCodec().WriteOutput(w, d, "DescribeInstances", 200, &out, stamp); err != nil {
		t.Fatal(err)
	}
	const want = `<reservationSet><item><reservationId>r-1</reservationId><instancesSet><item>i-1</item><item>i-2</item></instancesSet></item></reservationSet>`
	if !strings.Contains(w.Body.String(), want) {
		t.Errorf("got %s", w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "text/xml;charset=UTF-8" {
		t.Errorf("content type %q", got)
	}
}

// TestOutputsThatCannotBeSpelled must not have sent half an answer.
func TestOutputsThatCannotBeSpelled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		service string
		output  any
	}{
		"no root element": {"s3", &owner{}}, "not a struct": {"iam", 7}, "a channel": {"iam", struct{ C chan int }{make(chan int)}},
		"map with other keys": {"iam", struct{ M map[int]string }{map[int]string{1: ""}}},
		"a channel in a list": {"iam", struct{ L []chan int }{[]chan int{nil}}}, "in EC2": {"ec2", struct{ C chan int }{}},
		"in S3": {"s3", struct {
			_ struct{} `wire:"R"`
			C chan int
		}{}}, "in a map": {"iam", struct{ M map[string]chan int }{map[string]chan int{"a": nil}}},
	} {
		d, _ := wire.DialectOf(c.service)
		w := httptest.NewRecorder()
		if err := wire.NewCodec().WriteOutput(w, d, "X", 200, c.output, stamp); err == nil {
			t.Errorf("%s: no error", name)
		}
		if w.Body.Len() > 0 || len(w.Header()) > 0 {
			t.Errorf("%s: wrote %s", name, w.Body)
		}
	}
}

// denial is AWS's sentence, with everything in it that needs escaping.
const denial = `User: arn:aws:iam::123456789012:user/a is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/<k>"`

func TestFaults(t *testing.T) {
	t.Parallel()
	const escaped = `User: arn:aws:iam::123456789012:user/a is not authorized to perform: s3:GetObject on resource: &quot;arn:aws:s3:::b/&lt;k&gt;&quot;`
	quoted := strings.ReplaceAll(denial, `"`, `\"`)
	for _, c := range []struct {
		name, service, method string
		fault                 wire.Fault
		status                int
		contentType, body     string
		errorType             string
	}{
		{
			name: "query", service: "iam", fault: wire.Fault{Status: 403, Code: "AccessDenied", Message: denial, AccessDenial: true}, status: 403,
			contentType: "text/xml", body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>AccessDenied</Code>` +
				`<Message>` + escaped + `</Message></Error><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ErrorResponse>`,
		}, {
			name: "query, our fault", service: "sts", fault: wire.Fault{Status: 500, Code: "InternalFailure", Receiver: true}, status: 500,
			contentType: "text/xml", body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Receiver</Type><Code>InternalFailure</Code>` +
				`<Message></Message></Error><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ErrorResponse>`,
		}, {
			name: "ec2", service: "ec2", fault: wire.Fault{Status: 403, Code: "UnauthorizedOperation", Message: denial, AccessDenial: true}, status: 403,
			contentType: "text/xml;charset=UTF-8", body: `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Response><Errors><Error><Code>UnauthorizedOperation</Code>` +
				`<Message>` + escaped + `</Message></Error></Errors><RequestID>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestID></Response>`,
		}, {
			name: "s3", service: "s3", fault: wire.Fault{Status: 403, Code: "AccessDenied", Message: denial, AccessDenial: true}, status: 403,
			contentType: "application/xml", body: `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Error><Code>AccessDenied</Code><Message>` + escaped +
				`</Message><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId><HostId>aWQ=</HostId></Error>`,
		}, {
			name: "s3, with what it is about", service: "s3", status: 404, contentType: "application/xml",
			fault: wire.Fault{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist", BucketName: "b", Resource: "/b", Region: "eu"},
			body: `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message>` +
				`<BucketName>b</BucketName><Resource>/b</Resource><Region>eu</Region>` +
				`<RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId><HostId>aWQ=</HostId></Error>`,
		}, {
			name: "s3 HEAD", service: "s3", method: "HEAD", fault: wire.Fault{Status: 403, Code: "AccessDenied", Message: denial}, status: 403,
		}, {
			name: "dynamodb denial", service: "dynamodb", fault: wire.Fault{Status: 400, Code: "AccessDeniedException", Message: denial, AccessDenial: true}, status: 400,
			contentType: "application/x-amz-json-1.0", body: `{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"` + quoted + `"}`,
		}, {
			name: "dynamodb modelled error", service: "dynamodb", fault: wire.Fault{Status: 400, Code: "ResourceNotFoundException", Message: "a\n\tb\\\x7f é"}, status: 400,
			contentType: "application/x-amz-json-1.0", body: `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"a\n\u0009b\\\u007f é"}`,
		}, {
			name: "dynamodb, signature", service: "dynamodb", fault: wire.Fault{Status: 400, Code: "InvalidSignatureException", Message: "m"}, status: 400,
			contentType: "application/x-amz-json-1.0", body: `{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"m"}`,
		}, {
			name: "dynamodb, validation", service: "dynamodb", fault: wire.Fault{Status: 400, Code: "ValidationException", Message: "m"}, status: 400,
			contentType: "application/x-amz-json-1.0", body: `{"__type":"com.amazon.coral.validate#ValidationException","message":"m"}`,
		}, {
			name: "json 1.1", service: "kms", fault: wire.Fault{Status: 400, Code: "AccessDeniedException", Message: "m", AccessDenial: true}, status: 400,
			contentType: "application/x-amz-json-1.1", body: `{"__type":"AccessDeniedException","Message":"m"}`,
		}, {
			name: "lambda denial", service: "lambda", fault: wire.Fault{Status: 403, Code: "AccessDeniedException", Message: denial, AccessDenial: true}, status: 403,
			contentType: "application/json", body: `{"Message":"` + quoted + `"}`, errorType: "AccessDeniedException",
		}, {
			name: "lambda error", service: "lambda", fault: wire.Fault{Status: 404, Code: "ResourceNotFoundException", Message: "m"}, status: 404,
			contentType: "application/json", body: `{"Type":"User","Message":"m"}`, errorType: "ResourceNotFoundException",
		}, {
			name: "lambda, our fault", service: "lambda", fault: wire.Fault{Status: 500, Code: "ServiceException", Message: "m", Receiver: true}, status: 500,
			contentType: "application/json", body: `{"Type":"Service","Message":"m"}`, errorType: "ServiceException",
		}, {
			name: "a fault without a status is no success", service: "iam", fault: wire.Fault{Code: "X"}, status: 500, contentType: "text/xml",
			body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>X</Code>` +
				`<Message></Message></Error><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ErrorResponse>`,
		}, {
			name: "unknown service", service: "glacier", fault: wire.Fault{Status: 400, Code: "X"}, status: 400, contentType: "text/xml",
			body: `<ErrorResponse xmlns=""><Error><Type>Sender</Type><Code>X</Code>` +
				`<Message></Message></Error><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ErrorResponse>`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, _ := wire.DialectOf(c.service)
			method := c.method
			if method == "" {
				method = "POST"
			}
			w := httptest.NewRecorder()
			if err := wire.NewCodec().WriteFault(w, httptest.NewRequest(method, "/", nil), d, &c.fault, stamp); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.body, w.Body.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if w.Code != c.status || w.Header().Get("Content-Type") != c.contentType || w.Header().Get("X-Amzn-ErrorType") != c.errorType {
				t.Errorf("status %d, headers %v", w.Code, w.Header())
			}
			if strings.HasPrefix(c.body, "{") && !json.Valid(w.Body.Bytes()) {
				t.Error("not JSON")
			}
		})
	}
}

func TestNoContent(t *testing.T) {
	t.Parallel()
	d, _ := wire.DialectOf("s3")
	w := httptest.NewRecorder()
	if err := wire.NewCodec().WriteOutput(w, d, "DeleteBucket", http.StatusNoContent, nil, stamp); err != nil {
		t.Fatal(err)
	}
	if w.Code != 204 || w.Header().Get("Content-Length") != "" || w.Header().Get("X-Amz-Id-2") != "aWQ=" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// botocore reads answers with the parsers of the CLI and boto3.
const botocore = `
import botocore.session, botocore.parsers, json, sys
session = botocore.session.get_session()
out = []
for a in json.load(sys.stdin):
    model = session.get_service_model(a["service"])
    operation = model.operation_model(a["operation"])
    parser = botocore.parsers.create_parser(model.metadata["protocol"])
    response = {"headers": {k.lower(): v for k, v in a["headers"].items()}, "status_code": a["status"], "body": a["body"].encode()}
    out.append(parser.parse(response, operation.output_shape))
json.dump(out, sys.stdout, default=str)
`

func TestBotocoreReadsTheAnswers(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("python3", "-c", "import botocore").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: python3 with botocore is not here, so no botocore has read our answers: %v %s", err, out)
	}
	type answer struct {
		Service   string            `json:"service"`
		Operation string            `json:"operation"`
		Status    int               `json:"status"`
		Headers   map[string]string `json:"headers"`
		Body      string            `json:"body"`
	}
	var sent []answer
	keep := func(service, operation string, w *httptest.ResponseRecorder) {
		a := answer{service, operation, w.Code, map[string]string{}, w.Body.String()}
		for k := range w.Header() {
			a.Headers[k] = w.Header().Get(k)
		}
		sent = append(sent, a)
	}
	for _, c := range answers {
		d, _ := wire.DialectOf(c.service)
		w := httptest.NewRecorder()
		if err := wire.NewCodec().WriteOutput(w, d, c.operation, 200, c.output, stamp); err != nil {
			t.Fatal(err)
		}
		if c.operation != "ListObjects" && c.operation != "PutAccountProperties" { // our ListObjects above is not S3's
			keep(c.service, c.operation, w)
		}
	}
	outputs := len(sent)
	for _, c := range []struct{ service, operation string }{
		{"iam", "GetUser"}, {"sts", "GetCallerIdentity"}, {"ec2", "DescribeInstances"}, {"s3", "ListBuckets"},
		{"dynamodb", "Scan"}, {"kms", "Encrypt"}, {"lambda", "Invoke"},
	} {
		d, _ := wire.DialectOf(c.service)
		w := httptest.NewRecorder()
		f := &wire.Fault{Status: 403, Code: "AccessDeniedException", Message: denial, AccessDenial: true}
		if err := wire.NewCodec().WriteFault(w, httptest.NewRequest("POST", "/", nil), d, f, stamp); err != nil {
			t.Fatal(err)
		}
		keep(c.service, c.operation, w)
	}

	input, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", botocore)
	cmd.Stdin = strings.NewReader(string(input))
	printed, err := cmd.Output()
	if err != nil {
		var failed *exec.ExitError
		errors.As(err, &failed)
		t.Fatalf("%v: %+v", err, failed)
	}
	var read []map[string]any
	if err := json.Unmarshal(printed, &read); err != nil {
		t.Fatal(err)
	}
	for i, got := range read {
		metadata, _ := got["ResponseMetadata"].(map[string]any)
		if id := metadata["RequestId"]; id != stamp.RequestID {
			t.Errorf("%s %s: request id %v", sent[i].Service, sent[i].Operation, id)
		}
		if i < outputs {
			continue
		}
		if e, _ := got["Error"].(map[string]any); e["Code"] != "AccessDeniedException" || e["Message"] != denial {
			t.Errorf("%s: botocore read the error as %v", sent[i].Service, got["Error"])
		}
	}
	want := map[string]any{"Arn": "arn:aws:iam::123456789012:role/r", "RoleName": "r", "RoleId": "AROASAMPLE", "Path": "/",
		"CreateDate": "2026-01-02 03:04:05+00:00", "AssumeRolePolicyDocument": "%7B%7D", "Description": `a<b>&"c"` + "\r\n\uFFFD",
		"PermissionsBoundary": map[string]any{"PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/b", "PermissionsBoundaryType": "Policy"},
		"Tags":                []any{map[string]any{"Key": "k", "Value": ""}}, "RoleLastUsed": map[string]any{}}
	if d := cmp.Diff(want, read[1]["Role"]); d != "" {
		t.Errorf("CreateRole (-want +botocore):\n%s", d)
	}
}
