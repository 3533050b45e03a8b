package wire

import "net/http"

// setErrorType writes the code of a REST JSON error, which travels in a header.
func setErrorType(h http.Header, f *Fault) { h["X-Amzn-Errortype"] = []string{f.Code} }

// appendRestJSONFault appends a REST JSON error in Lambda's form: refusals to authorise have only a Message, other errors a Type.
func appendRestJSONFault(dst []byte, f *Fault) []byte {
	dst = append(dst, '{')
	if !f.AccessDenial {
		dst = append(append(append(dst, `"Type":"`...), f.lambdaType()...), `",`...)
	}
	return append(appendMessage(dst, true, f.Message), '}')
}

// lambdaType is the Type of Lambda's errors.
func (f *Fault) lambdaType() string {
	if f.Receiver {
		return "Service"
	}
	return "User"
}
