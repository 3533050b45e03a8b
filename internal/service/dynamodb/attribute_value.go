package dynamodb

import (
	"encoding/base64"
	"strings"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/wire"
)

// attributes is an item, or a part of one, as it stands in requests and answers.
type attributes struct {
	item item.Item
	flaw string // what is wrong with the first value that is; told when the whole input is checked
}

// attributesOf is an item in an answer; nil for none.
func attributesOf(it item.Item) *attributes {
	if it == nil {
		return nil
	}
	return &attributes{item: it}
}

// An attributeValue is one value; see attributes.
type attributeValue struct {
	value item.Value
	flaw  string
}

var (
	_ wire.JSONInput  = (*attributes)(nil)
	_ wire.JSONOutput = attributes{}
	_ wire.JSONInput  = (*attributeValue)(nil)
	_ wire.JSONOutput = attributeValue{}
)

// ReadJSON implements wire.JSONInput.
func (a *attributes) ReadJSON(r *wire.JSONReader) error {
	list := []item.Attribute{}
	err := r.Object(func(name string) error {
		var v attributeValue
		if err := item.CheckName(name); err != nil {
			v.note(err.Error())
		}
		if err := v.ReadJSON(r); err != nil {
			return err
		}
		if a.flaw == "" {
			a.flaw = v.flaw
		}
		list = append(list, item.Attribute{Name: name, Value: v.value})
		return nil
	})
	a.item = item.NewItem(list)
	return err
}

// AppendJSON implements wire.JSONOutput.
func (a attributes) AppendJSON(dst []byte) ([]byte, error) { return appendItem(dst, a.item), nil }

// AppendJSON implements wire.JSONOutput.
func (v attributeValue) AppendJSON(dst []byte) ([]byte, error) { return appendValue(dst, v.value), nil }

// note keeps the first flaw.
func (v *attributeValue) note(flaw string) {
	if v.flaw == "" {
		v.flaw = flaw
	}
}

// ReadJSON implements wire.JSONInput.
func (v *attributeValue) ReadJSON(r *wire.JSONReader) error {
	if r.Null() {
		v.note(noDataType)
		return nil
	}
	kinds := 0
	err := r.Object(func(name string) error {
		kind, ok := item.KindOf(name)
		switch {
		case !ok: // a data type that is not known here must not be left out unseen
			kinds = unknownKind
			return r.Skip()
		case r.Null():
			return nil
		}
		kinds++
		return v.read(r, kind)
	})
	switch {
	case kinds <= 0:
		v.note(noDataType)
	case kinds > 1:
		v.flaw = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
	}
	return err
}

func (v *attributeValue) read(r *wire.JSONReader, kind item.Kind) (err error) {
	v.value = item.Value{Kind: kind}
	switch kind {
	case item.S:
		v.value.Text, err = r.String()
	case item.N:
		var text string
		text, err = r.String()
		v.number(text)
	case item.B:
		v.value.Text, err = readBinary(r)
	case item.BOOL:
		v.value.Bool, err = r.Bool()
	case item.NULL:
		var null bool
		if null, err = r.Bool(); err == nil && !null {
			v.note(invalidValue + "Null attribute value types must have the value of true")
		}
	case item.M:
		var members attributes
		err = members.ReadJSON(r)
		v.value.Map = members.item
		v.note(members.flaw)
	default:
		err = v.list(r, kind)
	}
	return err
}

// unknownKind is less than no kind, however many others there are.
const unknownKind = -100

const noDataType = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"

const invalidValue = "One or more parameter values were invalid: "

func (v *attributeValue) number(text string) {
	n, err := item.ParseNumber(text)
	if err != nil {
		v.note(err.Error())
	}
	v.value.Number = n
}

func readBinary(r *wire.JSONReader) (string, error) {
	text, err := r.String()
	if err != nil {
		return "", err
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", &wire.Fault{Status: 400, Code: "SerializationException", Message: "Base64 encoded length is expected a multiple of 4 bytes " +
			"or Invalid Base64 character found"}
	}
	return string(raw), nil
}

// list reads a list or a set.
func (v *attributeValue) list(r *wire.JSONReader, kind item.Kind) error {
	v.value.List = []item.Value{}
	element := map[item.Kind]item.Kind{item.SS: item.S, item.NS: item.N, item.BS: item.B}[kind]
	err := r.Array(func() error {
		var e attributeValue
		read := e.ReadJSON
		if kind != item.L {
			read = func(r *wire.JSONReader) error { return e.read(r, element) }
		}
		err := read(r)
		v.note(e.flaw)
		v.value.List = append(v.value.List, e.value)
		return err
	})
	if err == nil && kind != item.L {
		v.checkSet()
	}
	return err
}

// checkSet notes what is wrong with a set: sets have elements, and each once; those of strings and binaries are not empty.
func (v *attributeValue) checkSet() {
	list := v.value.List
	empty := map[item.Kind]string{
		item.SS: "An string set  may not be empty", item.NS: "An number set  may not be empty", item.BS: "Binary sets should not be empty",
	}
	if len(list) == 0 {
		v.note(invalidValue + empty[v.value.Kind])
		return
	}
	seen := make(map[string]bool, len(list))
	var shown []string
	twice := false
	for _, e := range list {
		text := e.Text
		if e.Kind == item.N {
			text = e.Number.String()
		}
		switch {
		case text == "" && e.Kind == item.S:
			v.note(invalidValue + "An string set may not have a empty string as a member")
		case text == "" && e.Kind == item.B:
			v.note(invalidValue + "Binary sets may not contain null or empty values")
		}
		twice = twice || seen[text]
		seen[text] = true
		shown = append(shown, text)
	}
	if !twice {
		return
	}
	switch v.value.Kind {
	case item.SS:
		v.note(invalidValue + "Input collection [" + strings.Join(shown, ", ") + "] contains duplicates.")
	case item.NS:
		v.note("Input collection contains duplicates")
	default:
		for i := range shown {
			shown[i] = base64.StdEncoding.EncodeToString([]byte(shown[i]))
		}
		v.note(invalidValue + "Input collection [" + strings.Join(shown, ", ") + "]of type BS contains duplicates.")
	}
}

// keyText is a key value as condition keys and paging show it.
func keyText(v item.Value) string {
	switch v.Kind {
	case item.N:
		return v.Number.String()
	case item.B:
		return base64.StdEncoding.EncodeToString([]byte(v.Text))
	}
	return v.Text
}
