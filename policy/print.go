package policy

import (
	"bytes"
	"encoding/json"
)

// JSON returns the document in one canonical spelling: elements in the order
// of IAM's grammar, lists of one as a string, two spaces of indentation.
// Parsing it gives a document of the same meaning.
func (d *Document) JSON() string {
	var b bytes.Buffer
	w := printer{&b}
	w.text(`{"Version":`)
	w.value(d.version)
	if d.idAt >= 0 {
		w.text(`,"Id":`)
		w.value(d.id)
	}
	w.text(`,"Statement":[`)
	for i := range d.statements {
		if i > 0 {
			w.text(",")
		}
		w.statement(d, i)
	}
	w.text("]}")
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		panic("policy: printed invalid JSON: " + err.Error())
	}
	return out.String()
}

type printer struct{ b *bytes.Buffer }

func (w printer) text(s string) { w.b.WriteString(s) }

// value writes any JSON value, without escaping for HTML.
func (w printer) value(v any) {
	e := json.NewEncoder(w.b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("policy: cannot print: " + err.Error())
	}
}

func (w printer) list(values []string) {
	if len(values) == 1 {
		w.value(values[0])
		return
	}
	if values == nil {
		values = []string{}
	}
	w.value(values)
}

func (w printer) statement(d *Document, i int) {
	st, s := &d.statements[i], d.Statement(i)
	w.text("{")
	if st.has&hasSid != 0 {
		w.text(`"Sid":`)
		w.value(s.Sid)
		w.text(",")
	}
	w.text(`"Effect":`)
	w.value(s.Effect.String())
	for _, part := range [...]struct {
		has  elements
		name string
		list []string
	}{
		{hasAction, `,"Action":`, s.Actions}, {hasNotAction, `,"NotAction":`, s.NotActions},
		{hasResource, `,"Resource":`, s.Resources}, {hasNotResource, `,"NotResource":`, s.NotResources},
	} {
		if st.has&part.has != 0 {
			w.text(part.name)
			w.list(part.list)
		}
	}
	if st.has&(hasPrincipal|hasNotPrincipal) != 0 {
		w.principals(st, d.principals[st.principals.lo:st.principals.hi])
	}
	if len(s.Conditions) > 0 {
		w.conditions(s.Conditions)
	}
	w.text("}")
}

func (w printer) principals(st *statement, names []principalName) {
	w.text(`,"Principal":`)
	if st.has&hasNotPrincipal != 0 {
		w.b.Truncate(w.b.Len() - len(`,"Principal":`))
		w.text(`,"NotPrincipal":`)
	}
	if len(names) == 1 && names[0].kind == namesEveryone && names[0].bare {
		w.text(`"*"`)
		return
	}
	w.text("{")
	sep := ""
	for _, element := range principalElements {
		var list []string
		for i := range names {
			if names[i].element() == element {
				list = append(list, names[i].spelling())
			}
		}
		if list != nil {
			w.text(sep + `"` + element + `":`)
			w.list(list)
			sep = ","
		}
	}
	w.text("}")
}

// conditions writes the Condition block, keys of the same operator together.
func (w printer) conditions(list []Condition) {
	w.text(`,"Condition":{`)
	for i, c := range list {
		switch {
		case i > 0 && list[i-1].Operator == c.Operator:
			w.text(",")
		case i > 0:
			w.text("},")
			fallthrough
		default:
			w.value(c.Operator)
			w.text(":{")
		}
		w.value(c.Key)
		w.text(":")
		w.list(c.Values)
	}
	w.text("}}")
}
