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

// appendJSONText escapes s for a JSON string. Text is copied in pieces: most has nothing to escape.
func appendJSONText(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if unescaped[c] {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		switch {
		case c >= utf8.RuneSelf: // invalid UTF-8 comes out as U+FFFD
			dst = utf8.AppendRune(dst, utf8.RuneError)
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		default:
			dst = append(append(dst, `\u00`...), hexDigits[c>>4], hexDigits[c&15])
		}
		i += size
		start = i
	}
	return append(dst, s[start:]...)
}

// unescaped are the bytes that stand in a JSON string as they are, whatever is around them.
var unescaped = func() (set [256]bool) {
	for c := byte(' '); c < 0x7f; c++ {
		set[c] = c != '"' && c != '\\'
	}
	return set
}()
