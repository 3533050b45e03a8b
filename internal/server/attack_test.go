package server_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A family is one request of each way in which services are spoken to. Attacks change it, and it is answered when nobody does.
type family struct {
	name string
	request
	get request // the same without a body, for presigned requests
}

var (
	// A request without a credential scope that is nothing but a path is told apart by its host.
	lambdaHost = "lambda.us-east-1.amazonaws.com"

	jsonHeader = map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}

	query = family{
		name: "query", request: form("iam", "Action=CreateUser&Version=2010-05-08&UserName=Mallory"),
		get: request{service: "iam", method: "GET", path: "/?Action=CreateUser&Version=2010-05-08&UserName=Mallory"},
	}
	ec2Query = family{
		name: "ec2", request: form("ec2", "Action=DescribeInstances&Version=2016-11-15"),
		get: request{service: "ec2", method: "GET", path: "/?Action=DescribeInstances&Version=2016-11-15"},
	}
	awsJSON = family{
		name: "json", request: request{service: "dynamodb", body: "{}", header: jsonHeader},
		get: request{service: "dynamodb", header: jsonHeader},
	}
	restJSON = family{
		name: "rest-json", request: request{service: "lambda", host: lambdaHost, method: "POST", path: "/2018-10-31/layers/l/versions",
			body: `{"Content":{"ZipFile":"UEsDBBQAAAAAAAAAIQD5775xAQAAAAEAAAABAAAAYWJQSwECFAMUAAAAAAAAACEA+e++cQEAAAABAAAAAQAAAAAAAAAAAAAAgAEAAAAAYVBLBQYAAAAAAQABAC8AAAAgAAAAAAA="}}`},
		get: request{service: "lambda", host: lambdaHost, method: "GET", path: "/2015-03-31/functions"},
	}
	restXML = family{
		name: "s3", request: request{service: "s3", method: "PUT", path: "/mallorys-bucket", body: " "},
		get: request{service: "s3", method: "PUT", path: "/mallorys-bucket"},
	}
)

func families() []*family { return []*family{&query, &ec2Query, &awsJSON, &restJSON, &restXML} }

// An answer is status and code. An empty code says nothing about it.
type answer struct {
	status int
	code   string
}

// An outcome is how each family says one thing: SEMANTICS of the authentication errors, "Common Errors" of the IAM, STS, DynamoDB
// and Lambda API references, "Error codes for the Amazon EC2 API", "Error responses" of Amazon S3.
type outcome struct{ query, ec2, json, rest, s3 answer }

func (o *outcome) of(f *family) answer {
	switch f {
	case &query:
		return o.query
	case &ec2Query:
		return o.ec2
	case &awsJSON:
		return o.json
	case &restJSON:
		return o.rest
	}
	return o.s3
}

// inS3 is an outcome that S3 words in its own way.
func (o outcome) inS3(status int, code string) outcome {
	o.s3 = answer{status, code}
	return o
}

var (
	unsigned = outcome{
		answer{403, "MissingAuthenticationToken"}, answer{403, "MissingAuthenticationToken"},
		answer{400, "MissingAuthenticationTokenException"}, answer{403, "MissingAuthenticationTokenException"}, answer{403, "AccessDenied"},
	}
	mismatch = outcome{
		answer{403, "SignatureDoesNotMatch"}, answer{401, "AuthFailure"},
		answer{400, "InvalidSignatureException"}, answer{403, "InvalidSignatureException"}, answer{403, "SignatureDoesNotMatch"},
	}
	incomplete = outcome{
		answer{400, "IncompleteSignature"}, answer{400, "IncompleteSignature"},
		answer{400, "IncompleteSignatureException"}, answer{403, "IncompleteSignatureException"}, answer{400, "AuthorizationHeaderMalformed"},
	}
	twofold     = incomplete.inS3(400, "InvalidRequest")
	badScope    = mismatch.inS3(400, "AuthorizationHeaderMalformed")
	badBody     = mismatch.inS3(400, "XAmzContentSHA256Mismatch")
	notAllSign  = mismatch.inS3(403, "AccessDenied")
	wrongTime   = outcome{mismatch.query, answer{400, "RequestExpired"}, mismatch.json, mismatch.rest, answer{403, "RequestTimeTooSkewed"}}
	badInQuery  = incomplete.inS3(400, "AuthorizationQueryParametersError")
	pastExpires = wrongTime.inS3(403, "AccessDenied")
	unknownKey  = outcome{
		answer{403, "InvalidClientTokenId"}, answer{401, "AuthFailure"},
		answer{400, "UnrecognizedClientException"}, answer{403, "UnrecognizedClientException"}, answer{403, "InvalidAccessKeyId"},
	}
	badToken     = unknownKey.inS3(400, "InvalidToken")
	expiredToken = outcome{
		answer{403, "ExpiredToken"}, answer{400, "RequestExpired"},
		answer{400, "ExpiredTokenException"}, answer{403, "ExpiredTokenException"}, answer{400, "ExpiredToken"},
	}
)

// An attack makes a request that must be refused, out of one that would be answered.
type attack struct {
	name  string
	forge func(*scene, *family) *http.Request
	want  outcome
	say   string    // part of the message
	only  []*family // nil: all
}

// TestAttacksOnTheDoor sends every attack to every family. Each is refused in the family's own words, and nothing is written. In
// the end the same requests, unspoilt, are answered: they were refused for nothing but the attack.
func TestAttacksOnTheDoor(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	before := s.revision(t)
	for _, attacks := range [][]attack{signatureAttacks(), presignedAttacks(), credentialAttacks(), requestAttacks()} {
		for _, a := range attacks {
			for _, f := range families() {
				if a.only != nil && !slices.Contains(a.only, f) {
					continue
				}
				status, header, body := send(t, a.forge(s, f))
				s.clock.Store(0)
				got, want := answer{status, code(header, body)}, a.want.of(f)
				if got != want || !strings.Contains(body, a.say) {
					t.Errorf("%s, %s: got %v, want %v %s: %s", f.name, a.name, got, want, a.say, body)
				}
				if after := s.revision(t); after != before {
					t.Fatalf("%s, %s: the state changed", f.name, a.name)
				}
			}
		}
	}
	for _, f := range families() {
		for _, req := range []*http.Request{s.by(f, s.admin()), s.presign(f, s.admin())} {
			status, _, body := send(t, req)
			if status >= 400 && status != http.StatusConflict && status != http.StatusNotImplemented {
				t.Errorf("%s: even the right request is answered %d %s", f.name, status, body)
			}
		}
	}
}

var (
	xmlCode  = regexp.MustCompile(`<Code>([^<]*)</Code>`)
	jsonCode = regexp.MustCompile(`"__type":"(?:[^"#]*#)?([^"]*)"`)
)

// code is the error code of an answer, wherever its family puts it.
func code(header http.Header, body string) string {
	if kind := header.Get("X-Amzn-Errortype"); kind != "" {
		return kind
	}
	for _, shape := range []*regexp.Regexp{xmlCode, jsonCode} {
		if found := shape.FindStringSubmatch(body); found != nil {
			return found[1]
		}
	}
	return ""
}
