package service

import (
	"net/http"
	"strings"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A Family words what no handler says: denials, unknown operations, operations without a handler, and failures of the server.
// Services of one protocol share it (SEMANTICS §4.6, error envelopes by service). The zero Family words as the query services.
type Family struct{ Dialect wire.Dialect }

// FamilyOf returns the family of a service by its name in credential scopes. A service that nobody knows is answered in the
// words that the protocol of the request suggests.
func FamilyOf(service string, guess wire.Protocol) Family {
	if d, ok := wire.DialectOf(service); ok {
		return Family{Dialect: d}
	}
	if s, ok := operation.FindService(service); ok {
		return Family{Dialect: wire.Dialect{
			Service: service, Protocol: protocolOf(s.Protocol), Version: s.Version, TargetPrefix: s.TargetPrefix,
		}}
	}
	return Family{Dialect: wire.Dialect{Service: service, Protocol: guess}}
}

// protocolOf is what the operation table calls a protocol, as wire does.
func protocolOf(p operation.Protocol) wire.Protocol {
	switch p {
	case operation.EC2Query:
		return wire.EC2Query
	case operation.AWSJSON10:
		return wire.AWSJSON10
	case operation.AWSJSON11:
		return wire.AWSJSON11
	case operation.RestJSON:
		return wire.RestJSON
	case operation.RestXML:
		return wire.RestXML
	}
	return wire.AWSQuery
}

// json tells the protocols whose error codes end in Exception.
func (f Family) json() bool {
	switch f.Dialect.Protocol {
	case wire.AWSJSON10, wire.AWSJSON11, wire.RestJSON:
		return true
	}
	return false
}

// Denied is the envelope of a refusal to authorise; sentence is policy's, empty for a caller without a name.
//
// EC2 puts its own sentence in front, the JSON protocols answer 400 (REST JSON 403), and a caller without a name is told
// nothing but that.
func (f Family) Denied(sentence string) *wire.Fault {
	fault := &wire.Fault{Status: http.StatusForbidden, Code: "AccessDenied", Message: sentence, AccessDenial: true}
	switch f.Dialect.Protocol {
	case wire.EC2Query:
		fault.Code, fault.Message = "UnauthorizedOperation", "You are not authorized to perform this operation."
		if sentence != "" {
			fault.Message += " " + sentence
		}
		return fault
	case wire.AWSJSON10, wire.AWSJSON11:
		fault.Status, fault.Code = http.StatusBadRequest, "AccessDeniedException"
	case wire.RestJSON:
		fault.Code = "AccessDeniedException"
	}
	if sentence == "" {
		fault.Message = "Access Denied"
	}
	return fault
}

// UnknownOperation is the answer to a call that no row describes. It is told only to callers whose signature holds.
func (f Family) UnknownOperation(name, version string) *wire.Fault {
	switch f.Dialect.Protocol {
	case wire.RestXML:
		return &wire.Fault{Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed",
			Message: "The specified method is not allowed against this resource."}
	case wire.AWSJSON10, wire.AWSJSON11:
		return &wire.Fault{Status: http.StatusBadRequest, Code: "UnknownOperationException"}
	case wire.RestJSON:
		return &wire.Fault{Status: http.StatusNotFound, Code: "UnknownOperationException"}
	}
	if name == "" {
		return &wire.Fault{Status: http.StatusBadRequest, Code: "MissingAction",
			Message: "The request is missing an action or a required parameter."}
	}
	message := "Could not find operation " + clip(name)
	if version != "" {
		message += " for version " + clip(version)
	}
	if f.Dialect.Protocol == wire.EC2Query {
		message = "The action " + clip(name) + " is not valid for this web service."
	}
	return &wire.Fault{Status: http.StatusBadRequest, Code: "InvalidAction", Message: message}
}

// Methods are the HTTP methods that carry requests of the family's protocol; nil where the method is part of what is asked.
func (f Family) Methods() []string {
	switch f.Dialect.Protocol {
	case wire.RestJSON, wire.RestXML:
		return nil
	case wire.AWSJSON10, wire.AWSJSON11:
		return []string{http.MethodPost}
	}
	return []string{http.MethodGet, http.MethodPost}
}

// MethodNotAllowed is the answer to a request with another method than Methods.
func (f Family) MethodNotAllowed() *wire.Fault {
	code := "MethodNotAllowed"
	if f.json() {
		code = "MethodNotAllowedException"
	}
	return &wire.Fault{Status: http.StatusMethodNotAllowed, Code: code, Message: "The specified method is not allowed against this resource."}
}

// Incomplete is the answer to a body that broke off, or whose pieces cannot be told apart.
func (f Family) Incomplete() *wire.Fault {
	code, message := "MalformedInput", "The body of the request is not complete."
	if f.Dialect.Protocol == wire.RestXML {
		code, message = "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header."
	}
	return &wire.Fault{Status: http.StatusBadRequest, Code: code, Message: message}
}

// TimedOut is the answer to a body that did not arrive in time.
func (f Family) TimedOut() *wire.Fault {
	return &wire.Fault{Status: http.StatusBadRequest, Code: "RequestTimeout",
		Message: "Your socket connection to the server was not read from or written to within the timeout period."}
}

// NotImplemented is the answer to a call that was authorised and that Ambit does not serve.
func (f Family) NotImplemented(operation string) *wire.Fault {
	code := "NotImplemented"
	if f.json() {
		code = "NotImplementedException"
	}
	return &wire.Fault{Status: http.StatusNotImplemented, Code: code, Receiver: true,
		Message: "Ambit authorised " + clip(operation) + " and does not serve it yet."}
}

// Missing is the answer to an input without a member that it must have, which the API model calls by this name; nil where no sentence
// of the protocol is known.
func (f Family) Missing(member string) *wire.Fault {
	message := "1 validation error detected: Value null at '" + strings.ToLower(member[:1]) + member[1:] + "' failed to satisfy constraint: Member must not be null"
	switch f.Dialect.Protocol {
	case wire.RestXML:
		return nil
	case wire.EC2Query:
		return &wire.Fault{Status: http.StatusBadRequest, Code: "MissingParameter", Message: "The request must contain the parameter " + member}
	case wire.AWSQuery:
		return &wire.Fault{Status: http.StatusBadRequest, Code: "ValidationError", Message: message}
	}
	return &wire.Fault{Status: http.StatusBadRequest, Code: "ValidationException", Message: message}
}

// Failure is the answer when the server failed. It says nothing about how.
func (f Family) Failure() *wire.Fault {
	code, message := "InternalFailure", "The request processing has failed because of an unknown error, exception or failure."
	switch f.Dialect.Protocol {
	case wire.RestXML:
		code, message = "InternalError", "We encountered an internal error. Please try again."
	case wire.EC2Query:
		code, message = "InternalError", "An internal error has occurred"
	}
	return &wire.Fault{Status: http.StatusInternalServerError, Code: code, Message: message, Receiver: true}
}

// Unavailable is the answer while the store refuses writes, or too many send large bodies at once.
func (f Family) Unavailable() *wire.Fault {
	code := "ServiceUnavailable"
	if f.Dialect.Protocol == wire.EC2Query {
		code = "Unavailable"
	}
	if f.json() {
		code = "ServiceUnavailableException"
	}
	return &wire.Fault{Status: http.StatusServiceUnavailable, Code: code, Receiver: true,
		Message: "The request has failed due to a temporary failure of the server."}
}

// TooLarge is the answer to a body above the operation's limit.
func (f Family) TooLarge() *wire.Fault {
	code := "RequestEntityTooLarge"
	if f.json() {
		code = "RequestEntityTooLargeException"
	}
	if f.Dialect.Protocol == wire.RestXML {
		code = "EntityTooLarge"
	}
	return &wire.Fault{Status: http.StatusRequestEntityTooLarge, Code: code,
		Message: "The request is larger than what the operation accepts."}
}

// clip shortens what a message quotes from the request.
func clip(s string) string {
	const most = 128
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
