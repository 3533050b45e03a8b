package dynamodb

import (
	"encoding/base64"
	"slices"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Items are spelled for answers out of what is stored, without being made in between, wherever nobody has to look into them: half of
// what a Scan costs would go there.

// spelled is one item in an answer; nil for none.
type spelled []byte

// AppendJSON implements wire.JSONOutput.
func (s spelled) AppendJSON(dst []byte) ([]byte, error) { return append(dst, s...), nil }

// spelledItems are the items in an answer.
type spelledItems struct{ elements []byte }

// AppendJSON implements wire.JSONOutput.
func (s *spelledItems) AppendJSON(dst []byte) ([]byte, error) {
	dst = slices.Grow(dst, len(s.elements)+len(`[]`)+besideItems)
	return append(append(append(dst, '['), s.elements...), ']'), nil
}

// besideItems is about how much an answer has behind its items. With room for that it need not be moved once more.
const besideItems = 256

// Memory of items grows twofold while an answer is small, and then at once to what most pages fill.
const (
	smallPage = 32 << 10
	usualPage = pageSize + pageSize/2
)

// next makes ready for one more item.
func (s *spelledItems) next() {
	if n := len(s.elements); n > smallPage && cap(s.elements) < usualPage {
		s.elements = slices.Grow(s.elements, usualPage-n)
	}
	if len(s.elements) > 0 {
		s.elements = append(s.elements, ',')
	}
}

// add adds what is spelled already; none is nothing to add.
func (s *spelledItems) add(one spelled) {
	if one != nil {
		s.next()
		s.elements = append(s.elements, one...)
	}
}

// addItem adds an item.
func (s *spelledItems) addItem(it item.Item) {
	s.next()
	s.elements = appendItem(s.elements, it)
}

// addRecord adds an item as it is stored.
func (s *spelledItems) addRecord(r item.Record) (err error) {
	s.next()
	s.elements, err = appendRecord(s.elements, r)
	return err
}

// shown is what an answer shows of an item, as it is stored; nil for none.
func (c *compiled) shown(r item.Record) (spelled, error) {
	if r == nil {
		return nil, nil
	}
	room := make([]byte, 0, len(r)+len(r)/2)
	if c.projection == nil {
		return appendRecord(room, r)
	}
	it, err := item.ReadItem(r)
	return appendItem(room, c.project(it)), err
}

// appendRecord appends an item as it is stored.
func appendRecord(dst []byte, r item.Record) ([]byte, error) {
	c, err := r.Cursor()
	if err != nil {
		return dst, err
	}
	dst = appendStoredItem(dst, &c)
	return dst, c.End()
}

func appendStoredItem(dst []byte, c *item.Cursor) []byte {
	dst = append(dst, '{')
	for i := range c.Count() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(wire.AppendJSONString(dst, c.Text()), ':')
		dst = appendStoredValue(dst, c)
	}
	return append(dst, '}')
}

func appendStoredValue(dst []byte, c *item.Cursor) []byte {
	kind := c.Kind()
	dst = append(append(append(dst, `{"`...), kind.String()...), `":`...)
	switch kind {
	case item.M:
		dst = appendStoredItem(dst, c)
	case item.L:
		dst = append(dst, '[')
		for i := range c.Count() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendStoredValue(dst, c)
		}
		dst = append(dst, ']')
	case item.SS, item.NS, item.BS:
		dst = append(dst, '[')
		for i := range c.Count() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendStoredScalar(dst, c.Kind(), c)
		}
		dst = append(dst, ']')
	default:
		dst = appendStoredScalar(dst, kind, c)
	}
	return append(dst, '}')
}

func appendStoredScalar(dst []byte, kind item.Kind, c *item.Cursor) []byte {
	switch kind {
	case item.S:
		return wire.AppendJSONString(dst, c.Text())
	case item.B:
		return appendBinary(dst, c.Text())
	case item.N:
		return append(c.Number().Append(append(dst, '"')), '"')
	case item.BOOL:
		return appendBool(dst, c.Bool())
	case item.NULL:
		return append(dst, "true"...)
	}
	return dst // of a damaged record, which the end of it tells
}

func appendItem(dst []byte, it item.Item) []byte {
	dst = append(dst, '{')
	for i, a := range it {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(wire.AppendJSONString(dst, a.Name), ':')
		dst = appendValue(dst, a.Value)
	}
	return append(dst, '}')
}

func appendValue(dst []byte, v item.Value) []byte {
	dst = append(append(append(dst, `{"`...), v.Kind.String()...), `":`...)
	switch v.Kind {
	case item.M:
		dst = appendItem(dst, v.Map)
	case item.L, item.SS, item.NS, item.BS:
		dst = append(dst, '[')
		for i, e := range v.List {
			if i > 0 {
				dst = append(dst, ',')
			}
			if v.Kind == item.L {
				dst = appendValue(dst, e)
			} else {
				dst = appendScalar(dst, e)
			}
		}
		dst = append(dst, ']')
	default:
		dst = appendScalar(dst, v)
	}
	return append(dst, '}')
}

func appendScalar(dst []byte, v item.Value) []byte {
	switch v.Kind {
	case item.N:
		return append(v.Number.Append(append(dst, '"')), '"')
	case item.B:
		return appendBinary(dst, v.Text)
	case item.NULL:
		return append(dst, "true"...)
	case item.BOOL:
		return appendBool(dst, v.Bool)
	}
	return wire.AppendJSONString(dst, v.Text)
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

func appendBinary(dst []byte, b string) []byte {
	return append(base64.StdEncoding.AppendEncode(append(dst, '"'), []byte(b)), '"')
}
