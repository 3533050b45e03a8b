package wire

import "strings"

// Members returns a Lookup of the parameters as the protocol, AWSQuery or EC2Query, spells lists. Numbers and booleans are as
// sent. For EC2, a list is found by the name of the API model and by its singular, which is how EC2 names its parameters:
// InstanceIds is InstanceId.1.
func (f *Form) Members(p Protocol) Lookup { return formLookup{params: f.params, ec2: p == EC2Query} }

// A formLookup is a structure whose members' names begin at offset at in every parameter.
type formLookup struct {
	params []param
	at     int
	ec2    bool
}

// String implements Lookup.
func (l formLookup) String(member string) (string, bool) {
	for _, p := range l.params {
		if len(p.name) < l.at { // a scalar element of a list: its name ends where those of members would begin
			if member == "" {
				return p.value, true
			}
			continue
		}
		if p.name[l.at:] == member {
			return p.value, true
		}
	}
	return "", false
}

// Strings implements Lookup.
func (l formLookup) Strings(member string) ([]string, bool) {
	elements, ok := l.elements(member)
	out := make([]string, 0, len(elements))
	for _, e := range elements {
		text, scalar := e.String("")
		if !scalar {
			return nil, false
		}
		out = append(out, text)
	}
	return out, ok
}

// Pairs implements Lookup.
func (l formLookup) Pairs(member string) ([]Pair, bool) {
	elements, ok := l.elements(member)
	out := make([]Pair, 0, len(elements))
	for _, e := range elements {
		if _, scalar := e.String(""); scalar {
			return nil, false
		}
		key, _ := e.String("Key")
		value, _ := e.String("Value")
		out = append(out, Pair{key, value})
	}
	return out, ok
}

// Elements implements Lookup.
func (l formLookup) Elements(member string) []Lookup {
	elements, _ := l.elements(member)
	out := make([]Lookup, 0, len(elements))
	for _, e := range elements {
		out = append(out, e)
	}
	return out
}

// elements returns the elements of a list in the order of their indexes, and whether the list is present.
func (l formLookup) elements(member string) ([]formLookup, bool) {
	if !l.ec2 {
		return l.list(member, "member.")
	}
	if elements, ok := l.list(member, ""); ok {
		return elements, true
	}
	if singular, ok := strings.CutSuffix(member, "s"); ok {
		return l.list(singular, "")
	}
	return nil, false
}

func (l formLookup) list(member, word string) (elements []formLookup, present bool) {
	prefix := member + "." + word
	var last string
	for i, p := range l.params {
		if len(p.name) < l.at {
			continue
		}
		name := p.name[l.at:]
		if name == member && p.value == "" {
			present = true // "Tags=" is an empty list
		}
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		segment, _, _ := strings.Cut(rest, ".")
		if _, number := listIndex(segment); !number {
			continue
		}
		if segment != last {
			elements = append(elements, formLookup{params: l.params[i:i], at: l.at + len(prefix) + len(segment) + 1, ec2: l.ec2})
		}
		e := &elements[len(elements)-1]
		e.params = e.params[:len(e.params)+1] // neighbours: the form is sorted
		last, present = segment, true
	}
	return elements, present
}
