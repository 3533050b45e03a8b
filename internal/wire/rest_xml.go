package wire

import (
	"fmt"
	"reflect"
)

// appendXMLOutput appends the body of a REST XML answer: the root element that the output's type names, with the namespace of
// the service. An output that is not there has no body.
func (c *Codec) appendXMLOutput(dst []byte, d Dialect, output reflect.Value) (_ []byte, err error) {
	if !output.IsValid() {
		return dst, nil
	}
	root := c.shapeOf(output.Type()).root
	if root == "" {
		return dst, fmt.Errorf("wire: %s names no root element", output.Type())
	}
	dst = append(append(append(append(dst, xmlDeclaration...), '<'), root...), ` xmlns="`...)
	dst = append(appendText(dst, d.Namespace), `">`...)
	if dst, err = c.appendMembers(dst, output, &restSpelling); err != nil {
		return dst, err
	}
	return appendEnd(dst, root), nil
}

// appendXMLFault appends an S3 error.
func appendXMLFault(dst []byte, f *Fault, s Stamp) []byte {
	dst = append(append(dst, xmlDeclaration...), "<Error>"...)
	dst = appendTextElement(appendTextElement(dst, "Code", f.Code), "Message", f.Message)
	for _, e := range f.Elements {
		dst = appendTextElement(dst, e[0], e[1])
	}
	for _, e := range [...]struct {
		name, text string
		always     bool
	}{
		{"BucketName", f.BucketName, false}, {"Key", f.Key, false},
		{"Resource", f.Resource, false}, {"Region", f.Region, false}, {"RequestId", s.RequestID, true}, {"HostId", s.HostID, true},
	} {
		if e.always || e.text != "" {
			dst = appendTextElement(dst, e.name, e.text)
		}
	}
	return append(dst, "</Error>"...)
}
