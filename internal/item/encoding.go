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

// variable reads a variable-length integer.
func (r *storedReader) variable() uint64 {
	var n uint64
	for i := 0; i < len(r.text) && i < binary.MaxVarintLen64; i++ {
		c := r.text[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.text = r.text[i+1:]
			return n
		}
	}
	r.fail()
	return 0
}

// count reads how many elements or bytes follow, each of which takes a byte at least.
func (r *storedReader) count() uint64 {
	n := r.variable()
	if n > uint64(len(r.text)) {
		r.fail()
		return 0
	}
	return n
}

func (r *storedReader) signed() int {
	n := r.variable()
	return int(n>>1) ^ -int(n&1)
}

func (r *storedReader) item() Item {
	n := r.count()
	i := make(Item, min(n, 1+uint64(len(r.text))/3)) // of which each takes three bytes at least
	for at := range n {
		if at == uint64(len(i)) || r.failed {
			r.fail()
			return nil
		}
		i[at].Name = r.take(r.count())
		r.value(&i[at].Value)
	}
	return i
}

func (r *storedReader) value(v *Value) {
	kind := r.take(1)
	if r.failed {
		return
	}
	switch v.Kind = Kind(kind[0]); v.Kind {
	case S, B:
		v.Text = r.take(r.count())
	case N:
		v.Number.negative = r.take(1) == "\x01"
		v.Number.exponent = r.signed()
		v.Number.digits = r.take(r.count())
	case BOOL:
		v.Bool = r.take(1) == "\x01"
	case NULL:
	case M:
		v.Map = r.item()
	case L, SS, NS, BS:
		v.List = make([]Value, r.count())
		for i := range v.List {
			if r.failed {
				return
			}
			r.value(&v.List[i])
		}
	default:
		r.fail()
	}
}
