package item

import (
	"crypto/sha256"
	"strings"
)

// How keys are stored, behind the table's id:
//
//	i PARTITION SORT                an item
//	x INDEX PARTITION SORT PRIMARY  what an index has of it
//	c                               how many items there are, and how large they are
//	e                               how far the search for expired items has come
//
// PARTITION is the digest of a partition key: all items of one partition stand together, and partitions come in an order that says
// nothing, as in DynamoDB. SORT is a sort key in its order. In an index something follows it, so there it is escaped and ended, each
// attribute by itself: PRIMARY, the item's own PARTITION and SORT.
const (
	itemPlace  = "i"
	indexPlace = "x"
	countPlace = "c"
	endPlace   = "e"
)

// digest is the digest of the values of a partition key. Of several each but the last is ended, so that none runs into the next.
func digest(values []Value) string {
	var text []byte
	for i, v := range values {
		if i > 0 {
			text = append(text, terminator...)
		}
		text = append(text, byte(v.Kind))
		if len(values) == 1 {
			text = append(text, v.ordered()...)
		} else {
			text = append(text, escape(v.ordered())...)
		}
	}
	sum := sha256.Sum256(text)
	return string(sum[:])
}

func (s *Schema) indexPrefix(x Index) string { return s.ID + indexPlace + string([]byte{x.ID}) }

// place returns the key of an item, which has the attributes of the key.
func (s *Schema) place(it Item) string {
	var one [1]Value
	partition, _ := appendValues(one[:0], it, s.Key.Partition)
	key := s.ID + itemPlace + digest(partition)
	for _, a := range s.Key.Sort { // at most one
		v, _ := it.Get(a.Name)
		key += string(v.ordered())
	}
	return key
}

// appendValues adds the values of some attributes, and reports whether the item has all of them, of their kinds.
func appendValues(dst []Value, it Item, attributes []KeyAttribute) (_ []Value, ok bool) {
	ok = true
	for _, a := range attributes {
		v, has := it.Get(a.Name)
		ok = ok && has && v.Kind == a.Kind
		dst = append(dst, v)
	}
	return dst, ok
}

// indexed returns the key of an item in an index, and whether it is in it.
func (s *Schema) indexed(x Index, it Item) (string, bool) {
	var few [2]Value
	partition, ok := appendValues(few[:0:1], it, x.Key.Partition)
	sort, has := appendValues(few[1:1], it, x.Key.Sort)
	if !ok || !has {
		return "", false
	}
	return s.indexPrefix(x) + digest(partition) + inOrder(sort) + strings.TrimPrefix(s.place(it), s.ID+itemPlace), true
}

// inOrder are values of sort attributes as they stand in an index: in the order of the first, then of the next.
func inOrder(values []Value) (text string) {
	for _, v := range values {
		text += escape(v.ordered()) + terminator
	}
	return text
}

// terminator stands below every escaped byte, so that what is shorter comes first.
const terminator = "\x00\x00"

// escape leaves no terminator in a text, and keeps the order of texts.
func escape(b []byte) string { return strings.ReplaceAll(string(b), "\x00", "\x00\xff") }
