package wire

import "sync"

// A Codec moves between bytes and structs by reflection. It remembers the shape of each type it has met; it is safe for
// concurrent use, and one is enough.
//
// The structs are those of the AWS SDK for Go v2, or written by hand with tags:
//
//	wire:"NAME"             the member's name on the wire, where it is not the field's name
//	wire:"NAME,item=ITEM"   a list whose elements are called ITEM, where that is not the protocol's own word
//	wire:"NAME,flat"        a list without an element around it
//	wire:",text"            the field is the text of the element, not a child
//	wire:"-"                not on the wire
//
// and a field `_ struct{}` whose tag names the root element of a REST XML answer.
type Codec struct {
	shapes sync.Map // reflect.Type → *shape
}

// NewCodec returns a Codec that has met no type.
func NewCodec() *Codec { return &Codec{} }

// DecodeQuery fills the struct that into points to from the parameters of f, by p's spelling (AWSQuery or EC2Query). unknown
// lists the parameters that no member is for, so that the caller may refuse them. The error is a *Fault.
func (c *Codec) DecodeQuery(f *Form, p Protocol, into any) (unknown []string, err error) {
	return nil, &Fault{Status: 400, Code: "MalformedInput"}
}

// DecodeXML fills the struct that into points to from an XML document whose root element is root. An empty body leaves it
// as it is. The error is a *Fault with the code MalformedXML.
func (c *Codec) DecodeXML(body []byte, root string, into any) error {
	return &Fault{Status: 400, Code: "MalformedXML"}
}

// Members returns a Lookup of a struct, or pointer to one, such as DecodeQuery fills.
func (c *Codec) Members(input any) Lookup { return nil }
