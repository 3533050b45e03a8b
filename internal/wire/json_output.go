package wire

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// AppendJSON appends v, a struct or whatever a member of one may be, as the JSON protocols spell outputs: what is nil is left out,
// times are seconds, blobs are base64, maps are in the order of their keys.
func (c *Codec) AppendJSON(dst []byte, v any) ([]byte, error) {
	return c.appendJSON(dst, reflect.ValueOf(v))
}

// appendJSONOutput appends the body of an answer. awsJson has an object even for an operation that answers nothing.
func (c *Codec) appendJSONOutput(dst []byte, p Protocol, output reflect.Value) ([]byte, error) {
	switch {
	case output.IsValid():
		return c.appendJSON(dst, output)
	case p == RestJSON:
		return dst, nil
	}
	return append(dst, "{}"...), nil
}

func (c *Codec) appendJSON(dst []byte, v reflect.Value) (_ []byte, err error) {
	if v.Kind() == reflect.Pointer && !v.Type().Implements(jsonOutputType) {
		if v = v.Elem(); !v.IsValid() {
			return append(dst, "null"...), nil
		}
	}
	t := v.Type()
	if t.Implements(jsonOutputType) {
		return v.Interface().(JSONOutput).AppendJSON(dst)
	}
	switch t.Kind() {
	case reflect.String:
		return append(appendJSONText(append(dst, '"'), v.String()), '"'), nil
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool()), nil
	case reflect.Int, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(dst, v.Int(), 10), nil
	case reflect.Float32, reflect.Float64:
		return appendJSONFloat(dst, v.Float())
	case reflect.Slice:
		if isBlob(t) {
			return append(base64.StdEncoding.AppendEncode(append(dst, '"'), v.Bytes()), '"'), nil
		}
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = c.appendJSON(dst, v.Index(i)); err != nil {
				return dst, err
			}
		}
		return append(dst, ']'), nil
	case reflect.Map:
		return c.appendJSONMap(dst, v)
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			return strconv.AppendFloat(dst, float64(at.UnixMilli())/1000, 'f', -1, 64), nil
		}
		return c.appendJSONStruct(dst, v)
	}
	return dst, fmt.Errorf("wire: cannot spell %s", t)
}

func (c *Codec) appendJSONStruct(dst []byte, v reflect.Value) (_ []byte, err error) {
	dst = append(dst, '{')
	first := true
	for _, m := range c.shapeOf(v.Type()).members {
		field := m.of(v)
		if isAbsent(field) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(append(dst, '"'), m.name...), `":`...)
		if dst, err = c.appendJSON(dst, field); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func (c *Codec) appendJSONMap(dst []byte, v reflect.Value) (_ []byte, err error) {
	if v.Type().Key().Kind() != reflect.String {
		return dst, fmt.Errorf("wire: cannot spell %s", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	dst = append(dst, '{')
	for i, key := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendJSONText(append(dst, '"'), key.String()), `":`...)
		if dst, err = c.appendJSON(dst, v.MapIndex(key)); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// appendJSONFloat spells whole numbers with a point, as AWS's servers do.
func appendJSONFloat(dst []byte, f float64) ([]byte, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return dst, fmt.Errorf("wire: cannot spell %v", f)
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.AppendFloat(dst, f, 'f', 1, 64), nil
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64), nil
}

// AppendJSONString appends s as a JSON string. What is no UTF-8 becomes U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
	return append(appendJSONText(append(dst, '"'), s), '"')
}
