package wire

import "reflect"

// resultWithoutMembers are the operations whose result element is written although it has no members: the API model gives them
// an empty output, where other operations have none.
var resultWithoutMembers = map[string]bool{"PutAccountProperties": true, "UpdateRole": true}

// appendQueryOutput appends the answer of an awsQuery operation:
// <CreateRoleResponse xmlns="…"><CreateRoleResult>…</CreateRoleResult><ResponseMetadata>…</ResponseMetadata></CreateRoleResponse>.
// An output without members, as the SDK has for operations that answer nothing, has no result element.
func (c *Codec) appendQueryOutput(dst []byte, d Dialect, operation string, output reflect.Value, s Stamp) (_ []byte, err error) {
	dst = append(append(append(dst, '<'), operation...), `Response xmlns="`...)
	dst = append(appendText(dst, d.Namespace), `">`...)
	switch {
	case output.IsValid() && len(c.shapeOf(output.Type()).members) > 0:
		dst = append(append(append(dst, '<'), operation...), "Result>"...)
		if dst, err = c.appendMembers(dst, output, &querySpelling); err != nil {
			return dst, err
		}
		dst = append(append(append(dst, "</"...), operation...), "Result>"...)
	case resultWithoutMembers[operation]:
		dst = append(append(append(dst, '<'), operation...), "Result/>"...)
	}
	dst = append(dst, "<ResponseMetadata>"...)
	dst = appendTextElement(dst, "RequestId", s.RequestID)
	dst = append(append(append(dst, "</ResponseMetadata></"...), operation...), "Response>"...)
	return dst, nil
}

// appendQueryFault appends an awsQuery error.
func appendQueryFault(dst []byte, d Dialect, f *Fault, s Stamp) []byte {
	dst = append(appendText(append(dst, `<ErrorResponse xmlns="`...), d.Namespace), `"><Error><Type>`...)
	dst = append(append(dst, f.blame()...), "</Type>"...)
	dst = appendTextElement(dst, "Code", f.Code)
	dst = appendTextElement(dst, "Message", f.Message)
	dst = appendTextElement(append(dst, "</Error>"...), "RequestId", s.RequestID)
	return append(dst, "</ErrorResponse>"...)
}

// blame is the Type of a query error.
func (f *Fault) blame() string {
	if f.Receiver {
		return "Receiver"
	}
	return "Sender"
}
