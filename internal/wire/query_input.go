package wire

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// DecodeQuery fills the struct that into points to from the parameters of f, by p's spelling: lists are NAME.member.N in
// AWSQuery, where an empty NAME is an empty list, and NAME.N in EC2Query. List indexes must be 1, 2, 3 and so on. unknown lists
// the parameters that no member is for, so that the caller may refuse them. The error is a *Fault.
func (c *Codec) DecodeQuery(f *Form, p Protocol, into any) (unknown []string, err error) {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		panic("wire: DecodeQuery into " + v.Kind().String())
	}
	d := queryDecoder{codec: c, ec2: p == EC2Query}
	if fault := d.structure(v.Elem(), f.params, 0); fault != nil {
		return nil, fault
	}
	return d.unknown, nil
}

// A queryDecoder distributes parameters that stand in the order of compareNames, so that those of one member, and of one
// element of a list, are neighbours.
type queryDecoder struct {
	codec   *Codec
	ec2     bool
	unknown []string
}

// structure fills v. The names of all params agree before offset at, where the name of a member of v begins.
func (d *queryDecoder) structure(v reflect.Value, params []param, at int) *Fault {
	s := d.codec.shapeOf(v.Type())
	for len(params) > 0 {
		name, group := firstGroup(params, at)
		params = params[len(group):]
		i, ok := s.byName[name]
		if !ok {
			d.ignore(group)
			continue
		}
		m := s.members[i]
		if fault := d.value(m.of(v), m, group, at+len(name)); fault != nil {
			return fault
		}
	}
	return nil
}

// value fills v from params, whose names agree before offset at, where the name of v ends.
func (d *queryDecoder) value(v reflect.Value, m member, params []param, at int) *Fault {
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		v.Set(reflect.New(t.Elem()))
		v, t = v.Elem(), t.Elem()
	}
	leaf := len(params[0].name) == at
	switch {
	case t.Kind() == reflect.Slice && !isBlob(t):
		return d.list(v, m, params, at)
	case t.Kind() == reflect.Map:
		return d.dictionary(v, m, params, at)
	case t.Kind() == reflect.Interface:
		return d.union(v, params, at)
	case t.Kind() == reflect.Struct && t != timeType:
		if leaf {
			return malformedInput("Unexpected value where a structure was expected", params[0].name)
		}
		return d.structure(v, params, at+1)
	case !leaf || len(params) > 1:
		return malformedInput("Start of structure or map found where not expected.", params[len(params)-1].name)
	}
	return setScalar(v, params[0])
}

// list fills a slice from NAME.member.1… or, in EC2, NAME.1…
func (d *queryDecoder) list(v reflect.Value, m member, params []param, at int) *Fault {
	if len(params[0].name) == at { // "Tags=" is how the SDKs write an empty list
		if len(params) > 1 || params[0].value != "" {
			return malformedInput("Unexpected value where a list was expected", params[0].name)
		}
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		return nil
	}
	at++
	if !d.ec2 && !m.flat {
		var fault *Fault
		if params, at, fault = d.inside(params, at, cmp.Or(m.item, "member")); fault != nil || len(params) == 0 {
			return fault
		}
	}
	out := reflect.MakeSlice(v.Type(), 0, min(len(params), 64))
	for len(params) > 0 {
		segment, group := firstGroup(params, at)
		params = params[len(group):]
		if index, ok := listIndex(segment); !ok || index != out.Len()+1 {
			return malformedInput("List index is not in sequence: "+segment, group[0].name)
		}
		out = reflect.Append(out, reflect.Zero(v.Type().Elem()))
		if fault := d.value(out.Index(out.Len()-1), member{}, group, at+len(segment)); fault != nil {
			return fault
		}
	}
	v.Set(out)
	return nil
}

// dictionary fills a map with string keys from NAME.entry.N.key and NAME.entry.N.value.
func (d *queryDecoder) dictionary(v reflect.Value, m member, params []param, at int) *Fault {
	t := v.Type()
	if len(params[0].name) == at {
		return malformedInput("Unexpected value where a map was expected", params[0].name)
	}
	at++
	if !m.flat {
		var fault *Fault
		if params, at, fault = d.inside(params, at, "entry"); fault != nil || len(params) == 0 {
			return fault
		}
	}
	out := reflect.MakeMap(t)
	for n := 1; len(params) > 0; n++ {
		segment, group := firstGroup(params, at)
		params = params[len(group):]
		if index, ok := listIndex(segment); !ok || index != n {
			return malformedInput("List index is not in sequence: "+segment, group[0].name)
		}
		start := at + len(segment)
		if len(group) < 2 || group[0].name[start:] != ".key" || !strings.HasPrefix(group[1].name[start:], ".value") {
			return malformedInput("A map entry must have one key and one value.", group[0].name)
		}
		key := reflect.ValueOf(group[0].value).Convert(t.Key())
		if out.MapIndex(key).IsValid() {
			return malformedInput("Map key is given more than once.", group[0].name)
		}
		value := reflect.New(t.Elem()).Elem()
		if fault := d.value(value, member{}, group[1:], start+len(".value")); fault != nil {
			return fault
		}
		out.SetMapIndex(key, value)
	}
	v.Set(out)
	return nil
}

// union fills an interface with the one member that is given.
func (d *queryDecoder) union(v reflect.Value, params []param, at int) *Fault {
	members := d.codec.unions[v.Type()]
	if members == nil || len(params[0].name) == at {
		d.ignore(params)
		return nil
	}
	name, group := firstGroup(params, at+1)
	t, ok := members[name]
	switch {
	case !ok:
		d.ignore(params)
		return nil
	case len(group) < len(params):
		return malformedInput("A union must have one member.", params[len(group)].name)
	}
	value := reflect.New(t)
	v.Set(value)
	return d.value(value.Elem().FieldByName("Value"), member{}, group, at+1+len(name))
}

// inside steps over the word between the name of a list and its indexes. Parameters that have another word there are unknown.
func (d *queryDecoder) inside(params []param, at int, word string) ([]param, int, *Fault) {
	var chosen []param
	for len(params) > 0 {
		segment, group := firstGroup(params, at)
		params = params[len(group):]
		switch {
		case segment != word:
			d.ignore(group)
		case len(group[0].name) == at+len(word):
			return nil, 0, malformedInput("Unexpected value where a list was expected", group[0].name)
		default:
			chosen = group
		}
	}
	return chosen, at + len(word) + 1, nil
}

func (d *queryDecoder) ignore(params []param) {
	for _, p := range params {
		d.unknown = append(d.unknown, p.name)
	}
}

// firstGroup returns the segment that begins at offset at in the first name, and the params that share it.
func firstGroup(params []param, at int) (segment string, group []param) {
	segment = segmentAt(params[0].name, at)
	n := 1
	for n < len(params) && segmentAt(params[n].name, at) == segment {
		n++
	}
	return segment, params[:n]
}

func segmentAt(name string, at int) string {
	segment, _, _ := strings.Cut(name[at:], ".")
	return segment
}

// setScalar reads p's value as v's type.
func setScalar(v reflect.Value, p param) *Fault {
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(p.value)
	case reflect.Bool:
		switch p.value {
		case "true", "false":
			v.SetBool(p.value == "true")
		default:
			return malformedInput("Expected true or false, got "+clip(p.value), p.name)
		}
	case reflect.Int32, reflect.Int64, reflect.Int:
		var n int64
		n, err = strconv.ParseInt(p.value, 10, v.Type().Bits())
		v.SetInt(n)
	case reflect.Float32, reflect.Float64:
		var n float64
		n, err = strconv.ParseFloat(p.value, v.Type().Bits())
		v.SetFloat(n)
	case reflect.Struct:
		var t time.Time
		t, err = time.Parse(time.RFC3339Nano, p.value)
		v.Set(reflect.ValueOf(t.UTC()))
	case reflect.Slice:
		var b []byte
		b, err = base64.StdEncoding.DecodeString(p.value)
		v.SetBytes(b)
	default:
		return &Fault{Status: http.StatusInternalServerError, Code: "InternalFailure", Receiver: true,
			Message: "The request processing has failed because of an unknown error.", Place: p.name + " is a " + v.Type().String()}
	}
	if err != nil {
		return malformedInput("For input string: \""+clip(p.value)+"\"", p.name)
	}
	return nil
}
