package item

import (
	"encoding/binary"
	"errors"
)

// A Cursor reads a Record part by part, in the order of its attributes' names, without making an Item of it. Whoever uses it must know
// what comes next: a count, and for each attribute a name, a kind, and what that kind has. Where a record does not hold what is asked
// for, the answer is a zero value, and End tells.
type Cursor struct {
	text   string // what is left of one copy of the record: all texts are parts of it
	failed bool
}

// Cursor returns a cursor at the number of attributes of the record. It keeps nothing of the record.
func (r Record) Cursor() (Cursor, error) {
	if _, err := r.Size(); err != nil || r == nil {
		return Cursor{}, errors.Join(err, errDamaged)
	}
	_, n := binary.Uvarint(r[1:])
	return Cursor{text: string(r[1+n:])}, nil
}

// End tells whether the record was damaged, or has something that was not read.
func (c *Cursor) End() error {
	if c.failed || c.text != "" {
		return errDamaged
	}
	return nil
}

// Count reads how many attributes, members or elements follow. Each takes a byte at least, so a damaged count is bounded.
func (c *Cursor) Count() int {
	n := c.variable()
	if n > uint64(len(c.text)) {
		c.fail()
		return 0
	}
	return int(n)
}

// Text reads a name, a string, or the bytes of a binary.
func (c *Cursor) Text() string { return c.take(c.Count()) }

// Kind reads the kind of a value. A cursor that has failed reads the zero Kind.
func (c *Cursor) Kind() Kind {
	k := Kind(c.byte())
	if k == 0 || k > BOOL {
		c.fail()
		return 0
	}
	return k
}

// Number reads a number.
func (c *Cursor) Number() Number {
	n := Number{negative: c.Bool()}
	exponent := c.variable()
	n.exponent = int(exponent>>1) ^ -int(exponent&1)
	n.digits = c.Text()
	return n
}

// Bool reads a boolean.
func (c *Cursor) Bool() bool { return c.byte() == 1 }

func (c *Cursor) fail() { c.failed, c.text = true, "" }

func (c *Cursor) take(n int) string {
	if n > len(c.text) {
		c.fail()
		return ""
	}
	taken := c.text[:n]
	c.text = c.text[n:]
	return taken
}

func (c *Cursor) byte() byte {
	if c.text == "" {
		c.fail()
		return 0
	}
	b := c.text[0]
	c.text = c.text[1:]
	return b
}

// variable reads a variable-length integer.
func (c *Cursor) variable() uint64 {
	if c.text != "" && c.text[0] < 0x80 { // as nearly all are
		return uint64(c.byte())
	}
	var n uint64
	for i := 0; i < len(c.text) && i < binary.MaxVarintLen64; i++ {
		b := c.text[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			c.text = c.text[i+1:]
			return n
		}
	}
	c.fail()
	return 0
}

func (c *Cursor) item() Item {
	i := make(Item, min(c.Count(), 1+len(c.text)/3)) // of which each takes three bytes at least
	for at := range i {
		i[at].Name = c.Text()
		c.value(&i[at].Value)
		if c.failed {
			return nil
		}
	}
	return i
}

func (c *Cursor) value(v *Value) {
	switch v.Kind = c.Kind(); v.Kind {
	case S, B:
		v.Text = c.Text()
	case N:
		v.Number = c.Number()
	case BOOL:
		v.Bool = c.Bool()
	case M:
		v.Map = c.item()
	case L, SS, NS, BS:
		v.List = make([]Value, c.Count())
		for i := range v.List {
			if c.value(&v.List[i]); c.failed {
				return
			}
		}
	}
}
