package wire

import "net/http"

// setErrorType writes the code of a REST JSON error, which travels in a header.
func setErrorType(h http.Header, f *Fault) { h["X-Amzn-Errortype"] = []string{f.Code} }

// appendRestJSONFault appends a REST JSON error in Lambda's form: refusals to authorise and of the shape of an input have only a
// message, other errors a Type.
func appendRestJSONFault(dst []byte, f *Fault) []byte {
	dst = append(dst, '{')
	if !f.AccessDenial && f.Code != validationException {
		dst = append(append(append(dst, `"Type":"`...), f.lambdaType()...), `",`...)
	}
	dst = appendMessage(dst, !smallMessage[f.Code], f.Message)
	if len(f.Members) > 0 {
		dst = append(append(dst, ','), f.Members...)
	}
	return append(dst, '}')
}

const validationException = "ValidationException"

// smallMessage are the errors whose message is a member with a small letter, as the API model of Lambda has it.
var smallMessage = map[string]bool{
	"CapacityProviderLimitExceededException": true, "CodeStorageExceededException": true,
	"FunctionVersionsPerCapacityProviderLimitExceededException": true, "InvalidParameterValueException": true,
	"InvalidRequestContentException": true, "PolicyLengthExceededException": true, "PreconditionFailedException": true,
	"ProvisionedConcurrencyConfigNotFoundException": true, "RequestTooLargeException": true, "ResourceConflictException": true,
	"ResourceNotReadyException": true, "SerializedRequestEntityTooLargeException": true, "TooManyRequestsException": true,
	"UnsupportedMediaTypeException": true, validationException: true,
}

// lambdaType is the Type of Lambda's errors.
func (f *Fault) lambdaType() string {
	if f.Receiver {
		return "Service"
	}
	return "User"
}
