package wire

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

var (
	jsonInputType  = reflect.TypeFor[JSONInput]()
	jsonOutputType = reflect.TypeFor[JSONOutput]()
)

// DecodeJSON reads the body of a JSON request, one object, into a struct: an empty body is an empty object, and null is absent.
// It returns the members that the struct does not have, "CreateTableInput.Nonsense", of which the values were not read. Errors are
// those of JSONReader.
func (c *Codec) DecodeJSON(body []byte, into any) (unknown []string, err error) {
	r, err := NewJSONReader(body)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	d := jsonDecoder{codec: c, JSONReader: r}
	if r.peek() != '{' {
		return nil, r.malformed("not an object")
	}
	if err := d.structure(reflect.ValueOf(into).Elem(), ""); err != nil {
		return nil, err
	}
	return d.unknown, r.End()
}

type jsonDecoder struct {
	*JSONReader
	codec   *Codec
	unknown []string
}

func (d *jsonDecoder) structure(v reflect.Value, path string) error {
	s := d.codec.shapeOf(v.Type())
	return d.Object(func(name string) error {
		i, ok := s.byName[name]
		if !ok {
			d.unknown = append(d.unknown, path+name)
			return d.Skip()
		}
		return d.value(s.members[i].of(v), path+name)
	})
}

// value reads into a field, or an element of a list or map.
func (d *jsonDecoder) value(v reflect.Value, path string) error {
	if d.Null() {
		return nil
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	t := v.Type()
	if reflect.PointerTo(t).Implements(jsonInputType) {
		return v.Addr().Interface().(JSONInput).ReadJSON(d.JSONReader)
	}
	switch t.Kind() {
	case reflect.String:
		text, err := d.String()
		v.SetString(text)
		return err
	case reflect.Bool:
		b, err := d.Bool()
		v.SetBool(b)
		return err
	case reflect.Int, reflect.Int32, reflect.Int64:
		return d.integer(v)
	case reflect.Float32, reflect.Float64:
		text, err := d.Number("Double")
		if err != nil {
			return err
		}
		f, err := strconv.ParseFloat(text, t.Bits())
		if err != nil {
			return d.malformed("number out of range")
		}
		v.SetFloat(f)
		return nil
	case reflect.Slice:
		return d.slice(v, path)
	case reflect.Map:
		return d.mapping(v, path)
	case reflect.Struct:
		if t == timeType {
			return d.time(v)
		}
		return d.structure(v, path+".")
	}
	return fmt.Errorf("wire: cannot read %s from JSON", t)
}

func (d *jsonDecoder) integer(v reflect.Value) error {
	name := "Long"
	if v.Type().Bits() == 32 {
		name = "Integer"
	}
	text, err := d.Number(name)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil { // 1e3 and 1.5 are numbers, and AWS cuts what is behind the point
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || f < math.MinInt64 || f >= math.MaxInt64 {
			return d.malformed("number out of range")
		}
		n = int64(f)
	}
	if v.OverflowInt(n) {
		return d.malformed("number out of range")
	}
	v.SetInt(n)
	return nil
}

func (d *jsonDecoder) slice(v reflect.Value, path string) error {
	t := v.Type()
	if isBlob(t) {
		text, err := d.String()
		if err != nil {
			return err
		}
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return d.malformed("not base64")
		}
		v.SetBytes(raw)
		return nil
	}
	list := reflect.MakeSlice(t, 0, 4)
	err := d.Array(func() error {
		element := reflect.New(t.Elem()).Elem()
		if err := d.value(element, path+"."+strconv.Itoa(list.Len()+1)); err != nil {
			return err
		}
		list = reflect.Append(list, element)
		return nil
	})
	v.Set(list)
	return err
}

func (d *jsonDecoder) mapping(v reflect.Value, path string) error {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		return fmt.Errorf("wire: cannot read %s from JSON", t)
	}
	v.Set(reflect.MakeMap(t))
	return d.Object(func(name string) error {
		element := reflect.New(t.Elem()).Elem()
		if err := d.value(element, path+"."+name); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), element)
		return nil
	})
}

// time reads seconds since 1970, as awsJson spells times.
func (d *jsonDecoder) time(v reflect.Value) error {
	text, err := d.Number("Date")
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(seconds) > 1e12 {
		return d.malformed("number out of range")
	}
	v.Set(reflect.ValueOf(time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()))
	return nil
}
