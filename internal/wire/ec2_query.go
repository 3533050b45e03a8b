package wire

import "reflect"

const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// appendEC2Output appends the answer of an EC2 operation: its members directly in the response element, after requestId. An
// operation that answers nothing answers <return>true</return>.
func (c *Codec) appendEC2Output(dst []byte, d Dialect, operation string, output reflect.Value, s Stamp) (_ []byte, err error) {
	dst = append(append(append(append(dst, xmlDeclaration...), '<'), operation...), `Response xmlns="`...)
	dst = append(appendText(dst, d.Namespace), `">`...)
	dst = appendTextElement(dst, "requestId", s.RequestID)
	if output.IsValid() {
		if dst, err = c.appendMembers(dst, output, &ec2Spelling); err != nil {
			return dst, err
		}
	} else {
		dst = append(dst, "<return>true</return>"...)
	}
	return append(append(append(dst, "</"...), operation...), "Response>"...), nil
}

// appendEC2Fault appends an EC2 error.
func appendEC2Fault(dst []byte, f *Fault, s Stamp) []byte {
	dst = append(append(dst, xmlDeclaration...), "<Response><Errors><Error>"...)
	dst = appendTextElement(dst, "Code", f.Code)
	dst = appendTextElement(dst, "Message", f.Message)
	dst = appendTextElement(append(dst, "</Error></Errors>"...), "RequestID", s.RequestID)
	return append(dst, "</Response>"...)
}
