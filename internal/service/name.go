package service

import (
	"strings"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/wire"
)

// names finds the values that a row speaks of by name (package operation, "Names").
type names struct {
	call    *Call
	each    string            // the name of the list that element is of
	element wire.Lookup       // in a question that is asked for each element of a list
	target  Stored            // of the question
	first   Stored            // of the row's first question, which templates mean by Target
	given   map[string]string // members that the service fills in for the caller

	gathered Gathered
}

// set gives a member that the input leaves out its value.
func (n *names) set(member, value string) {
	if member == "" {
		return
	}
	if n.given == nil {
		n.given = map[string]string{}
	}
	n.given[member] = value
}

// text returns a scalar value. It has the form that package operation expects of look-ups.
func (n *names) text(name string) (string, bool) {
	switch space, rest, dotted := strings.Cut(name, "."); {
	case name == "Partition":
		return n.call.Identities.Partition(), true
	case name == "Region":
		return n.call.Environment.Region, true
	case name == "Account":
		return n.call.Account(), true
	case name == "Element" && n.element != nil:
		return n.element.String("")
	case space == "Element" && dotted && n.element != nil:
		return n.element.String(rest)
	case space == "Target" && dotted:
		return n.first.attribute(rest)
	case space == "Caller" && dotted:
		return n.caller(rest)
	case space == "Service" && dotted:
		return n.fact(rest)
	case space == "Token" && dotted:
		return "", false // no operation that takes a token is served yet
	}
	if value, ok := n.given[name]; ok {
		return value, true
	}
	return n.call.Input.Members.String(name)
}

// attribute returns a scalar attribute of a stored entity.
func (s Stored) attribute(name string) (string, bool) {
	var value string
	switch name {
	case "ARN":
		value = s.ARN
	case "Path":
		value = s.Path
	case "Name":
		value = s.Name
	case "PermissionsBoundary":
		value = s.Boundary
	case "Account":
		value = s.Account
	default:
		v, ok := s.Attributes[name]
		return v, ok
	}
	return value, value != ""
}

// caller returns a fact of the caller.
func (n *names) caller(name string) (string, bool) {
	var value string
	switch name {
	case "Account":
		value = n.call.Account()
	case "SourceIdentity":
		value = n.call.Caller.SourceIdentity()
	case "UserName":
		return n.call.Caller.UserName()
	}
	return value, value != ""
}

func (n *names) fact(name string) (string, bool) {
	if value, ok := n.gathered.Texts[name]; ok {
		return value, true
	}
	if f := n.call.Operation.service.Fact; f != nil {
		return f(n.call, name)
	}
	return "", false
}

// present tells whether a value was given and is not empty, nor a flag that is "false"; a list, or a map of tags, is present if it has elements.
func (n *names) present(name string) bool {
	if value, ok := n.text(name); ok {
		return value != "" && (value != "false" || !operation.IsFlag(name))
	}
	if name == "Caller.TransitiveTags" {
		return len(n.call.Caller.TransitiveTags()) > 0
	}
	return len(n.elements(name)) > 0 || len(n.pairs(name)) > 0 // tags may be a map
}

func (n *names) anyPresent(list []string) bool {
	for _, name := range list {
		if n.present(name) {
			return true
		}
	}
	return false
}

// elements returns the elements of a list in the input, or of one that the service worked out.
func (n *names) elements(name string) []wire.Lookup {
	if rest, ok := strings.CutPrefix(name, "Element."); ok {
		if n.element == nil {
			return nil
		}
		return n.element.Elements(rest)
	}
	if rest, ok := strings.CutPrefix(name, servicePrefix); ok {
		return n.gathered.list(n.call.Operation.codec, rest)
	}
	return n.call.Input.Members.Elements(name)
}

// pairs returns a list of tags in the input.
func (n *names) pairs(name string) []wire.Pair {
	in := n.call.Input.Members
	if rest, ok := strings.CutPrefix(name, "Element."); ok {
		if in, name = n.element, rest; in == nil {
			return nil
		}
	}
	pairs, _ := in.Pairs(name)
	return pairs
}

// texts returns a list of scalars in the input: the elements of a list of strings, or one member of each element of a list of
// structures, "ProvidedContexts.ProviderArn".
func (n *names) texts(name string) []string {
	if list, ok := n.call.Input.Members.Strings(name); ok {
		return list
	}
	list, member, ok := cutLast(name)
	if !ok {
		return nil
	}
	var out []string
	for _, e := range n.elements(list) {
		if value, ok := e.String(member); ok {
			out = append(out, value)
		}
	}
	return out
}

func cutLast(name string) (before, after string, found bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}
