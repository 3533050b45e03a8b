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

// A Record is an item as it is stored; the nil Record is none. It is valid as long as the transaction that it was read in.
type Record []byte

// Size is that of the item, which is not read for it.
func (r Record) Size() (int, error) {
	if r == nil {
		return 0, nil
	}
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
	c, err := Record(data).Cursor()
	if err != nil {
		return nil, err
	}
	i := c.item()
	return i, c.End()
}
