package server_test

import (
	"net/http"
	"strings"
)

// told is an outcome of one family; the others are not asked.
func told(f *family, status int, code string) outcome {
	var o outcome
	a := answer{status, code}
	switch f {
	case &query:
		o.query = a
	case &ec2Query:
		o.ec2 = a
	case &awsJSON:
		o.json = a
	case &restJSON:
		o.rest = a
	default:
		o.s3 = a
	}
	return o
}

// requestAttacks are signed by the administrator, as they should be, and ask for what cannot be or in two ways at once.
func requestAttacks() []attack {
	var out []attack
	add := func(name string, f *family, q request, status int, code string, say ...string) {
		out = append(out, attack{name: name, only: []*family{f}, want: told(f, status, code), say: strings.Join(say, ""), forge: func(s *scene, _ *family) *http.Request {
			return s.sign(s.t, q, s.admin(), s.now())
		}}, attack{ // what it asks for is nobody's business before the signature holds
			name: name + ", badly signed", only: []*family{f}, want: mismatch, forge: func(s *scene, _ *family) *http.Request {
				c := s.admin()
				c.SecretAccessKey = strings.Repeat("x", 40)
				return s.sign(s.t, q, c, s.now())
			}})
	}
	iamForm := func(body string) request { return form("iam", body) }
	add("unknown action", &query, iamForm("Action=MakeMeRoot&Version=2010-05-08"), 400, "InvalidAction", "Could not find operation MakeMeRoot for version 2010-05-08")
	add("unknown version", &query, iamForm("Action=CreateUser&Version=2010-05-09&UserName=Mallory"), 400, "InvalidAction", "Could not find operation CreateUser for version 2010-05-09")
	add("no action", &query, iamForm("Version=2010-05-08&UserName=Mallory"), 400, "MissingAction")
	add("an action in another case", &query, iamForm("Action=createuser&Version=2010-05-08&UserName=Mallory"), 400, "InvalidAction")
	add("an action of another service", &query, form("sts", "Action=CreateUser&Version=2010-05-08&UserName=Mallory"), 400, "InvalidAction")
	add("an unknown service", &query, form("unheard-of", "Action=CreateUser&Version=2010-05-08&UserName=Mallory"), 400, "InvalidAction")
	add("two actions", &query, iamForm("Action=GetUser&Action=CreateUser&Version=2010-05-08&UserName=Mallory"), 400, "MalformedInput")
	add("two actions, one spelled otherwise", &query, iamForm("Action=GetUser&%41ction=CreateUser&Version=2010-05-08&UserName=Mallory"), 400, "MalformedInput")
	add("one parameter twice", &query, iamForm("Action=CreateUser&Version=2010-05-08&UserName=Mallory&UserName=Ada"), 400, "MalformedInput")
	add("an unknown parameter", &query, iamForm("Action=CreateUser&Version=2010-05-08&UserName=Mallory&PermissionBoundary=x"), 400, "ValidationError")
	add("an action in the query, another in the body", &query, func() request {
		q := iamForm("Action=CreateUser&Version=2010-05-08&UserName=Mallory")
		q.path = "/?Action=GetUser&Version=2010-05-08"
		return q
	}(), 404, "MalformedQueryString")
	add("parameters in query and body", &query, func() request {
		q := iamForm("Action=CreateUser&Version=2010-05-08")
		q.path = "/?UserName=Mallory"
		return q
	}(), 404, "MalformedQueryString")
	add("a form that is not called one", &query, request{service: "iam", body: "Action=CreateUser&Version=2010-05-08&UserName=Mallory"}, 400, "MissingAction")
	add("another method", &query, request{service: "iam", method: "PUT", path: query.get.path}, 405, "MethodNotAllowed")

	add("unknown action", &ec2Query, form("ec2", "Action=MakeMeRoot&Version=2016-11-15"), 400, "InvalidAction", "The action MakeMeRoot is not valid for this web service.")
	add("unknown parameter", &ec2Query, form("ec2", "Action=DescribeInstances&Version=2016-11-15&DryRunn=true"), 400, "UnknownParameter")
	add("two actions", &ec2Query, form("ec2", "Action=DescribeInstances&Action=RunInstances&Version=2016-11-15"), 400, "MalformedInput")

	target := func(value string) request {
		return request{service: "dynamodb", body: "{}", header: map[string]string{"X-Amz-Target": value, "Content-Type": "application/x-amz-json-1.0"}}
	}
	add("unknown target", &awsJSON, target("DynamoDB_20120810.MakeMeRoot"), 400, "UnknownOperationException")
	add("a target of another service", &awsJSON, target("AmazonSSM.GetParameter"), 400, "UnknownOperationException")
	add("no target", &awsJSON, request{service: "dynamodb", body: "{}", header: map[string]string{"Content-Type": "application/x-amz-json-1.0"}}, 400, "UnknownOperationException")
	add("an action for a target", &awsJSON, request{service: "dynamodb", path: "/?Action=ListTables", body: "{}"}, 400, "UnknownOperationException")
	out = append(out, attack{name: "two targets", only: []*family{&awsJSON}, want: told(&awsJSON, 400, "InvalidSignatureException"), forge: after(func(r *http.Request) {
		r.Header.Add("X-Amz-Target", "DynamoDB_20120810.DeleteTable")
	})})

	add("an unknown path", &restJSON, request{service: "lambda", method: "GET", path: "/2015-03-31/secrets"}, 404, "UnknownOperationException")
	add("another method", &restJSON, request{service: "lambda", method: "PATCH", path: "/2015-03-31/functions"}, 404, "UnknownOperationException")

	for _, dots := range []string{"/.", "/x/..", "/./.", "//x/.."} { // the signature of a list holds for these as well
		out = append(out, attack{name: "a path with " + dots, only: []*family{&restJSON}, want: told(&restJSON, 404, "UnknownOperationException"), forge: func(s *scene, _ *family) *http.Request {
			r := s.sign(s.t, request{service: "lambda", method: "GET", path: "/2015-03-31/functions"}, s.admin(), s.now())
			r.URL.Path += dots
			return r
		}})
	}

	add("an unknown subresource", &restXML, request{service: "s3", method: "PUT", path: "/mallorys-bucket?unheard-of"}, 405, "MethodNotAllowed")
	add("two subresources", &restXML, request{service: "s3", method: "PUT", path: "/mallorys-bucket?policy&acl"}, 405, "MethodNotAllowed")
	add("an unknown method", &restXML, request{service: "s3", method: "BREW", path: "/mallorys-bucket"}, 405, "MethodNotAllowed")
	return out
}
