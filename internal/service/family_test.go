package service_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/wire"
)

// families are one service of each.
var families = []string{"iam", "ec2", "s3", "dynamodb", "kms", "lambda"}

func said(f *wire.Fault) string { return fmt.Sprintf("%d %s", f.Status, f.Code) }

// TestSignatureRefusals is the table of SEMANTICS §4.6, last paragraph.
func TestSignatureRefusals(t *testing.T) {
	t.Parallel()
	for kind, want := range map[sigv4.Kind][]string{
		sigv4.Missing: {"403 MissingAuthenticationToken", "403 MissingAuthenticationToken", "403 AccessDenied",
			"400 MissingAuthenticationTokenException", "400 MissingAuthenticationTokenException", "403 MissingAuthenticationTokenException"},
		sigv4.Unsupported: {"400 IncompleteSignature", "400 IncompleteSignature", "400 InvalidRequest",
			"400 IncompleteSignatureException", "400 IncompleteSignatureException", "403 IncompleteSignatureException"},
		sigv4.Ambiguous: {"400 IncompleteSignature", "400 IncompleteSignature", "400 InvalidRequest",
			"400 IncompleteSignatureException", "400 IncompleteSignatureException", "403 IncompleteSignatureException"},
		sigv4.Incomplete: {"400 IncompleteSignature", "400 IncompleteSignature", "400 AuthorizationHeaderMalformed",
			"400 IncompleteSignatureException", "400 IncompleteSignatureException", "403 IncompleteSignatureException"},
		sigv4.BadScope: {"403 SignatureDoesNotMatch", "401 AuthFailure", "400 AuthorizationHeaderMalformed",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.TooOld: {"403 SignatureDoesNotMatch", "400 RequestExpired", "403 RequestTimeTooSkewed",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.TooNew: {"403 SignatureDoesNotMatch", "400 RequestExpired", "403 RequestTimeTooSkewed",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.Expired: {"403 SignatureDoesNotMatch", "400 RequestExpired", "403 AccessDenied",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.UnsignedHeader: {"403 SignatureDoesNotMatch", "401 AuthFailure", "403 AccessDenied",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.MissingPayloadHash: {"403 SignatureDoesNotMatch", "401 AuthFailure", "400 InvalidRequest",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.PayloadNotAllowed: {"403 SignatureDoesNotMatch", "401 AuthFailure", "501 NotImplemented",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.PayloadMismatch: {"403 SignatureDoesNotMatch", "401 AuthFailure", "400 XAmzContentSHA256Mismatch",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.Malformed: {"403 SignatureDoesNotMatch", "401 AuthFailure", "403 SignatureDoesNotMatch",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		sigv4.Mismatch: {"403 SignatureDoesNotMatch", "401 AuthFailure", "403 SignatureDoesNotMatch",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
		0: {"403 SignatureDoesNotMatch", "401 AuthFailure", "403 SignatureDoesNotMatch",
			"400 InvalidSignatureException", "400 InvalidSignatureException", "403 InvalidSignatureException"},
	} {
		for i, name := range families {
			if got := said(service.FamilyOf(name, 0).Signature(&sigv4.Error{Kind: kind, Detail: "detail"})); got != want[i] {
				t.Errorf("%s, %s: got %s, want %s", name, kind, got, want[i])
			}
		}
	}
}

func TestCredentialRefusals(t *testing.T) {
	t.Parallel()
	unknown := []string{"403 InvalidClientTokenId", "401 AuthFailure", "403 InvalidAccessKeyId",
		"400 UnrecognizedClientException", "400 UnrecognizedClientException", "403 UnrecognizedClientException"}
	token := append([]string{}, unknown...)
	token[2] = "400 InvalidToken"
	for fault, want := range map[identity.CredentialFault][]string{
		identity.UnknownKey: unknown, identity.InactiveKey: unknown, identity.TokenMissing: unknown, identity.PrincipalGone: unknown, 0: unknown,
		identity.TokenInvalid: token, identity.TokenUnexpected: token,
		identity.TokenExpired: {"403 ExpiredToken", "400 RequestExpired", "400 ExpiredToken",
			"400 ExpiredTokenException", "400 ExpiredTokenException", "403 ExpiredTokenException"},
	} {
		for i, name := range families {
			if got := said(service.FamilyOf(name, 0).Credential(fault)); got != want[i] {
				t.Errorf("%s, %s: got %s, want %s", name, fault, got, want[i])
			}
		}
	}
}

// TestSentencesAreAWSs are the messages that people search for.
func TestSentencesAreAWSs(t *testing.T) {
	t.Parallel()
	iamFamily, s3Family := service.FamilyOf("iam", 0), service.FamilyOf("s3", 0)
	for _, c := range []struct {
		got  *wire.Fault
		want string
	}{
		{iamFamily.Credential(identity.UnknownKey), "The security token included in the request is invalid."},
		{iamFamily.Credential(identity.TokenExpired), "The security token included in the request is expired"},
		{iamFamily.Signature(&sigv4.Error{Kind: sigv4.Missing}), "Request is missing Authentication Token"},
		{iamFamily.Signature(&sigv4.Error{Kind: sigv4.Mismatch}), "The request signature we calculated does not match the signature you provided. " +
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."},
		{iamFamily.Signature(&sigv4.Error{Kind: sigv4.TooOld, Detail: "Signature expired: a is now earlier than b"}), "Signature expired: a is now earlier than b"},
		{s3Family.Credential(identity.UnknownKey), "The AWS Access Key Id you provided does not exist in our records."},
		{s3Family.Signature(&sigv4.Error{Kind: sigv4.Mismatch}), "The request signature we calculated does not match the signature you provided. Check your key and signing method."},
		{s3Family.Signature(&sigv4.Error{Kind: sigv4.TooOld}), "The difference between the request time and the current time is too large."},
		{service.FamilyOf("ec2", 0).Credential(identity.UnknownKey), "AWS was not able to validate the provided access credentials"},
		{service.FamilyOf("ec2", 0).Denied("User: x"), "You are not authorized to perform this operation. User: x"},
	} {
		if c.got.Message != c.want {
			t.Errorf("got %q, want %q", c.got.Message, c.want)
		}
	}
}

func TestFaultsOfTheServer(t *testing.T) {
	t.Parallel()
	for i, name := range families {
		f := service.FamilyOf(name, 0)
		for what, c := range map[string]struct {
			got  *wire.Fault
			want []string
		}{
			"failure":         {f.Failure(), []string{"500 InternalFailure", "500 InternalError", "500 InternalError", "500 InternalFailure", "500 InternalFailure", "500 InternalFailure"}},
			"hidden error":    {f.FaultOf(errors.New("cause")), []string{"500 InternalFailure", "500 InternalError", "500 InternalError", "500 InternalFailure", "500 InternalFailure", "500 InternalFailure"}},
			"told error":      {f.FaultOf(fmt.Errorf("act: %w", service.NotFound("NoSuchEntity", "m"))), []string{"404 NoSuchEntity", "404 NoSuchEntity", "404 NoSuchEntity", "404 NoSuchEntity", "404 NoSuchEntity", "404 NoSuchEntity"}},
			"not implemented": {f.NotImplemented("x"), []string{"501 NotImplemented", "501 NotImplemented", "501 NotImplemented", "501 NotImplementedException", "501 NotImplementedException", "501 NotImplementedException"}},
			"unavailable":     {f.Unavailable(), []string{"503 ServiceUnavailable", "503 Unavailable", "503 ServiceUnavailable", "503 ServiceUnavailableException", "503 ServiceUnavailableException", "503 ServiceUnavailableException"}},
			"too large":       {f.TooLarge(), []string{"413 RequestEntityTooLarge", "413 RequestEntityTooLarge", "413 EntityTooLarge", "413 RequestEntityTooLargeException", "413 RequestEntityTooLargeException", "413 RequestEntityTooLargeException"}},
			"denied":          {f.Denied(""), []string{"403 AccessDenied", "403 UnauthorizedOperation", "403 AccessDenied", "400 AccessDeniedException", "400 AccessDeniedException", "403 AccessDeniedException"}},
			"unknown":         {f.UnknownOperation("x", "v"), []string{"400 InvalidAction", "400 InvalidAction", "405 MethodNotAllowed", "400 UnknownOperationException", "400 UnknownOperationException", "404 UnknownOperationException"}},
		} {
			if got := said(c.got); got != c.want[i] {
				t.Errorf("%s, %s: got %s, want %s", name, what, got, c.want[i])
			}
		}
	}
	if f := service.FamilyOf("unheard-of", wire.AWSJSON11).UnknownOperation("x", ""); said(f) != "400 UnknownOperationException" {
		t.Errorf("an unknown service of a JSON client: %s", said(f))
	}
}

func TestConstraints(t *testing.T) {
	t.Parallel()
	var c service.Constraints
	if err := c.Err(); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
	c.Required("roleName", nil)
	long, number := "äöü", int32(5)
	c.Length("path", &long, 1, 2)
	c.Length("name", &long, 4, 9)
	c.Length("right", &long, 3, 3)
	c.Between("duration", &number, 6, 9)
	c.Between("size", &number, 1, 4)
	c.AtMost("tags", 51, 50)
	c.OneOf("status", "C", "A", "B")
	c.Each("tagKeys", []string{"abc", "ab"}, 3, 9, service.NewPattern(`^\w+$`), `\w+`)
	const want = "ValidationError: 8 validation errors detected: Value null at 'roleName' failed to satisfy constraint: Member must not be null; " +
		"Value 'äöü' at 'path' failed to satisfy constraint: Member must have length less than or equal to 2; " +
		"Value 'äöü' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 4; " +
		"Value '5' at 'duration' failed to satisfy constraint: Member must have value greater than or equal to 6; " +
		"Value '5' at 'size' failed to satisfy constraint: Member must have value less than or equal to 4; " +
		"Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50; " +
		"Value 'C' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [A, B]; " +
		"Value '[abc, ab]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 9, " +
		`Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: \w+, Member must not be null]`
	if err := c.Err(); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	bare := strings.NewReplacer("Value null at", "Value at", "Value '5' at", "Value at", "Value 'äöü' at", "Value at", "Value 'C' at", "Value at", "Value '[abc, ab]' at", "Value at", ": [A, B]", "").Replace(want)
	if err := c.ErrUnquoted(); err == nil || err.Error() != bare {
		t.Errorf("got  %v\nwant %s", err, bare)
	}
}

// TestNoHandlerWithoutARow: what the table does not know cannot be served.
func TestNoHandlerWithoutARow(t *testing.T) {
	t.Parallel()
	read := func(name string) service.Handler {
		return service.Reading[iam.GetUserInput]{Act: func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error) {
			return service.Answer{Status: http.StatusOK}, nil
		}}.Named(name)
	}
	write := service.Writing[iam.GetUserInput, struct{}]{}.Named("GetUser")
	for name, services := range map[string][]service.Service{
		"no row":                        {{Name: "iam", Handlers: []service.Handler{read("MakeMeRoot")}}},
		"no service":                    {{Name: "unheard-of", Handlers: []service.Handler{read("GetUser")}}},
		"two handlers":                  {{Name: "iam", Handlers: []service.Handler{read("GetUser"), read("GetUser")}}},
		"twice":                         {{Name: "iam"}, {Name: "iam"}},
		"a write of a read":             {{Name: "iam", Handlers: []service.Handler{write}}},
		"other capitals":                {{Name: "iam", Handlers: []service.Handler{read("getUser")}}},
		"the wrong service":             {{Name: "sts", Handlers: []service.Handler{read("GetUser")}}},
		"a value that nobody works out": {{Name: "iam", Handlers: []service.Handler{read("GetServiceLinkedRoleDeletionStatus")}}},
		"a handler and none":            {{Name: "iam", Handlers: []service.Handler{read("GetUser"), read("")}}},
	} {
		if _, err := service.NewTable(services...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
