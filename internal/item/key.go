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
// nothing, as in DynamoDB. SORT is a sort key in its order. In an index something follows it, so there it is escaped and ended:
// PRIMARY, the item's own PARTITION and SORT.
const (
	itemPlace  = "i"
	indexPlace = "x"
	countPlace = "c"
	endPlace   = "e"
)

// digest is the digest of a key value.
func digest(v Value) string {
	sum := sha256.Sum256(append([]byte{byte(v.Kind)}, v.ordered()...))
	return string(sum[:])
}

// partition returns what the keys of all items of one partition begin with.
func (s *Schema) partition(v Value) string { return s.ID + itemPlace + digest(v) }

func (s *Schema) indexPrefix(x Index) string { return s.ID + indexPlace + string([]byte{x.ID}) }

// place returns the key of an item, which has the attributes of the key.
func (s *Schema) place(it Item) string {
	p, _ := it.Get(s.Key.Partition.Name)
	if s.Key.Sort.Name == "" {
		return s.partition(p)
	}
	v, _ := it.Get(s.Key.Sort.Name)
	return s.partition(p) + string(v.ordered())
}

// indexed returns the key of an item in an index, and whether it is in it.
func (s *Schema) indexed(x Index, it Item) (string, bool) {
	p, ok := it.Get(x.Key.Partition.Name)
	if !ok || p.Kind != x.Key.Partition.Kind {
		return "", false
	}
	key := s.indexPrefix(x) + digest(p)
	if x.Key.Sort.Name != "" {
		v, ok := it.Get(x.Key.Sort.Name)
		if !ok || v.Kind != x.Key.Sort.Kind {
			return "", false
		}
		key += escape(v.ordered()) + terminator
	}
	return key + strings.TrimPrefix(s.place(it), s.ID+itemPlace), true
}

// terminator stands below every escaped byte, so that what is shorter comes first.
const terminator = "\x00\x00"

// escape leaves no terminator in a text, and keeps the order of texts.
func escape(b []byte) string { return strings.ReplaceAll(string(b), "\x00", "\x00\xff") }
