package item

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// How an item is stored: its size, the number of its attributes, and of each its name and its value; a value is its kind and what
// that needs. Sizes, lengths and counts are variable-length integers. format stands in front, so that another form can follow some
// day.
const format = 1

// Append appends the item as it is stored.
func (i Item) Append(dst []byte) []byte {
	return i.append(binary.AppendUvarint(append(dst, format), uint64(i.Size())))
}

// A Record is an item as it is stored. It is valid as long as the transaction that it was read in.
type Record []byte

// Size is that of the item, which is not read for it.
func (r Record) Size() (int, error) {
	if len(r) == 0 || r[0] != format {
		return 0, fmt.Errorf("%w: unknown form", errDamaged)
	}
	size, n := binary.Uvarint(r[1:])
	if n <= 0 || size > 4*uint64(len(r)) { // an empty list counts more than it takes here, and nothing more than that
		return 0, errDamaged
	}
	return int(size), nil
}

func (i Item) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(i)))
	for _, a := range i {
		dst = a.Value.append(appendText(dst, a.Name))
	}
	return dst
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func (v Value) append(dst []byte) []byte {
	dst = append(dst, byte(v.Kind))
	switch v.Kind {
	case S, B:
		return appendText(dst, v.Text)
	case N:
		return appendNumber(dst, v.Number)
	case BOOL:
		if v.Bool {
			return append(dst, 1)
		}
		return append(dst, 0)
	case M:
		return v.Map.append(dst)
	case L, SS, NS, BS:
		dst = binary.AppendUvarint(dst, uint64(len(v.List)))
		for _, e := range v.List {
			dst = e.append(dst)
		}
	}
	return dst
}

func appendNumber(dst []byte, n Number) []byte {
	sign := byte(0)
	if n.negative {
		sign = 1
	}
	dst = append(dst, sign)
	dst = binary.AppendVarint(dst, int64(n.exponent))
	return appendText(dst, n.digits)
}

var errDamaged = errors.New("stored item is damaged")

// ReadItem reads an item as it was stored. It keeps nothing of data.
func ReadItem(data []byte) (Item, error) {
	if _, err := Record(data).Size(); err != nil {
		return nil, err
	}
	_, n := binary.Uvarint(data[1:])
	r := storedReader{text: string(data[1+n:])}
	i := r.item()
	if r.failed || r.text != "" {
		return nil, errDamaged
	}
	return i, nil
}

// A storedReader reads from one copy of what is stored: the texts of an item are parts of it.
type storedReader struct {
	text   string
	failed bool
}

func (r *storedReader) fail() { r.failed, r.text = true, "" }

func (r *storedReader) take(n uint64) string {
	if n > uint64(len(r.text)) {
		r.fail()
		return ""
	}
	taken := r.text[:n]
	r.text = r.text[n:]
	return taken
}

func (r *storedReader) count() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		c := r.take(1)
		if r.failed {
			return 0
		}
		n |= uint64(c[0]&0x7f) << shift
		if c[0] < 0x80 {
			if n > uint64(len(r.text)) { // each element takes a byte at least
				r.fail()
				return 0
			}
			return n
		}
	}
	r.fail()
	return 0
}

func (r *storedReader) signed() int {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		c := r.take(1)
		if r.failed {
			return 0
		}
		n |= uint64(c[0]&0x7f) << shift
		if c[0] < 0x80 {
			return int(n>>1) ^ -int(n&1)
		}
	}
	r.fail()
	return 0
}

func (r *storedReader) item() Item {
	n := r.count()
	i := make(Item, 0, n)
	for range n {
		name := r.take(r.count())
		i = append(i, Attribute{name, r.value()})
		if r.failed {
			return nil
		}
	}
	return i
}

func (r *storedReader) value() Value {
	kind := r.take(1)
	if r.failed {
		return Value{}
	}
	v := Value{Kind: Kind(kind[0])}
	switch v.Kind {
	case S, B:
		v.Text = r.take(r.count())
	case N:
		sign := r.take(1)
		exponent := r.signed()
		v.Number = Number{negative: sign == "\x01", digits: r.take(r.count()), exponent: exponent}
	case BOOL:
		v.Bool = r.take(1) == "\x01"
	case NULL:
	case M:
		v.Map = r.item()
	case L, SS, NS, BS:
		n := r.count()
		v.List = make([]Value, 0, n)
		for range n {
			v.List = append(v.List, r.value())
			if r.failed {
				return Value{}
			}
		}
	default:
		r.fail()
	}
	return v
}
