package wire

import (
	"reflect"
	"strings"
	"sync"
	"time"
)

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
	shapes  sync.Map // reflect.Type → *shape
	answers sync.Pool
	unions  map[reflect.Type]map[string]reflect.Type
}

// NewCodec returns a Codec that knows these unions. Of other interface types every parameter is unknown.
func NewCodec(unions ...Union) *Codec {
	c := &Codec{unions: map[reflect.Type]map[string]reflect.Type{}}
	for _, u := range unions {
		c.unions[u.of] = u.members
	}
	return c
}

// A Union is a type of the SDK of which a value is one of several members, such as types.PolicyIdentifier.
type Union struct {
	of      reflect.Type
	members map[string]reflect.Type // name on the wire → struct with a field Value
}

// UnionOf describes the union U by its members, pointers to the structs that the SDK calls UMemberNAME.
func UnionOf[U any](members ...U) Union {
	u := Union{of: reflect.TypeFor[U](), members: map[string]reflect.Type{}}
	for _, m := range members {
		t := reflect.TypeOf(m).Elem()
		u.members[strings.TrimPrefix(t.Name(), u.of.Name()+"Member")] = t
	}
	return u
}

// A shape is how a struct type stands on the wire. It is immutable.
type shape struct {
	root    string // of REST XML answers
	members []member
	byName  map[string]int // wire name → index in members
	byField map[string]int // Go field name → index in members
}

// A member is one field that is on the wire.
type member struct {
	name  string
	field []int  // path of fields, through embedded structs
	item  string // element name in a list; empty for the protocol's own
	flat  bool
	text  bool
}

// of returns the field of v, which is mostly its own.
func (m *member) of(v reflect.Value) reflect.Value {
	if len(m.field) == 1 {
		return v.Field(m.field[0])
	}
	return v.FieldByIndex(m.field)
}

// misspelled are the members whose name on the wire is not that of the SDK's field: the API models spell two members with a
// small letter, against their own habit.
var misspelled = map[string]string{
	"PolicyDescriptorType.Arn":                 "arn",
	"ListDelegationRequestsOutput.IsTruncated": "isTruncated",
}

var timeType = reflect.TypeFor[time.Time]()

// shapeOf returns the shape of a struct type.
func (c *Codec) shapeOf(t reflect.Type) *shape {
	if s, ok := c.shapes.Load(t); ok {
		return s.(*shape)
	}
	s := &shape{byName: map[string]int{}, byField: map[string]int{}}
	s.add(t, nil)
	kept, _ := c.shapes.LoadOrStore(t, s)
	return kept.(*shape)
}

// add adds the members of a struct that is at a path of fields; those of an embedded struct are its own.
func (s *shape) add(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		field := append(at[:len(at):len(at)], i)
		tag := f.Tag.Get("wire")
		if f.Name == "_" && tag != "" {
			s.root = tag
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct && tag == "" {
			s.add(f.Type, field)
			continue
		}
		// ResultMetadata is the SDK's own note about the exchange.
		if !f.IsExported() || tag == "-" || f.Name == "ResultMetadata" {
			continue
		}
		m := memberOf(t, f, tag)
		m.field = field
		s.byName[m.name], s.byField[f.Name] = len(s.members), len(s.members)
		s.members = append(s.members, m)
	}
}

func memberOf(t reflect.Type, f reflect.StructField, tag string) member {
	name, options, _ := strings.Cut(tag, ",")
	m := member{name: name}
	for o := range strings.SplitSeq(options, ",") {
		switch {
		case o == "flat":
			m.flat = true
		case o == "text":
			m.text = true
		case strings.HasPrefix(o, "item="):
			m.item = o[len("item="):]
		}
	}
	if m.name == "" {
		m.name = f.Name
	}
	if spelled, ok := misspelled[t.Name()+"."+f.Name]; ok {
		m.name = spelled
	}
	return m
}

// find returns the member that a name of the API model means: by its name on the wire or by its field.
func (s *shape) find(name string) (member, bool) {
	i, ok := s.byName[name]
	if !ok {
		i, ok = s.byField[name]
	}
	if !ok {
		return member{}, false
	}
	return s.members[i], true
}

// isBlob tells the byte slices that travel as base64.
func isBlob(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}
