package wire

import "unicode/utf8"

// frameworkPrefix returns what stands before the code of an error that AWS's own framework raises before the service is
// reached; such an error does not carry the service's prefix.
func frameworkPrefix(code string) (string, bool) {
	switch code {
	case "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException",
		"IncompleteSignatureException", "ExpiredTokenException", "SerializationException", "UnknownOperationException",
		"InternalFailure":
		return "com.amazon.coral.service#", true
	case "ValidationException":
		return "com.amazon.coral.validate#", true
	}
	return "", false
}

// appendJSONFault appends an awsJson error. Services with an ErrorPrefix write the full name of the error's shape, the others
// the bare code. Refusals to authorise have a capital M in Message.
func appendJSONFault(dst []byte, d Dialect, f *Fault) []byte {
	dst = append(dst, `{"__type":"`...)
	if d.ErrorPrefix != "" {
		prefix, framework := frameworkPrefix(f.Code)
		if !framework {
			prefix = d.ErrorPrefix + "#"
		}
		dst = append(dst, prefix...)
	}
	dst = append(appendJSONText(dst, f.Code), `",`...)
	dst = appendMessage(dst, f.AccessDenial, f.Message)
	if len(f.Members) > 0 {
		dst = append(append(dst, ','), f.Members...)
	}
	return append(dst, '}')
}

func appendMessage(dst []byte, capital bool, message string) []byte {
	key := `"message":"`
	if capital {
		key = `"Message":"`
	}
	return append(appendJSONText(append(dst, key...), message), '"')
}

// appendJSONText escapes s for a JSON string.
func appendJSONText(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	plain := 0
	for plain < len(s) && s[plain] >= ' ' && s[plain] < 0x7f && s[plain] != '"' && s[plain] != '\\' {
		plain++
	}
	dst, s = append(dst, s[:plain]...), s[plain:]
	for _, r := range s { // invalid UTF-8 comes out as U+FFFD
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r < ' ' || r == 0x7f:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[r>>4], hexDigits[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}
