package item

import "slices"

// A Schema is what must be known of a table to keep its items.
type Schema struct {
	ID      string // unique, of one length for all tables
	Key     Key
	Indexes []Index
}

// A Key names the attributes that items are found by. That of a table or a local index has one partition attribute and at most one
// sort attribute; a global index has up to four of each (Developer Guide, "Multi-attribute key schema").
type Key struct {
	Partition []KeyAttribute
	Sort      []KeyAttribute // by which items are ordered, one after another
}

// A KeyAttribute is an attribute of a key with its kind: S, N or B.
type KeyAttribute struct {
	Name string
	Kind Kind
}

// Attributes returns all of the attributes.
func (k Key) Attributes() []KeyAttribute { return slices.Concat(k.Partition, k.Sort) }

// Names returns their names.
func (k Key) Names() []string {
	var names []string
	for _, a := range k.Attributes() {
		names = append(names, a.Name)
	}
	return names
}

// An Index is a secondary index. Items that lack one of its key attributes are not in it.
type Index struct {
	ID         byte // unique in the table as long as this index lives, and not used for the next one made
	Name       string
	Local      bool
	Key        Key
	Projection Projection
}

// A Projection says which attributes an index has besides the keys.
type Projection struct {
	All     bool
	Include []string
}

// Index returns an index by its name, and whether there is one.
func (s *Schema) Index(name string) (Index, bool) {
	i := slices.IndexFunc(s.Indexes, func(x Index) bool { return x.Name == name })
	if i < 0 {
		return Index{}, false
	}
	return s.Indexes[i], true
}

// Projected returns the attributes that an index has of an item.
func (s *Schema) Projected(x Index, it Item) Item {
	if x.Projection.All {
		return it
	}
	return it.Only(slices.Concat(s.Key.Names(), x.Key.Names(), x.Projection.Include)...)
}

// Limits of items and keys (Developer Guide, "Quotas").
const (
	MaxItemSize      = 400 << 10
	maxPartitionSize = 2048
	maxSortSize      = 1024
	maxDepth         = 31 // lists and maps around a value, with which it is on level 32
)

// A Mismatch is an Invalid about an attribute of a key that is not there, or of another kind than the schema says.
type Mismatch struct{ Invalid }

// Unwrap returns the Invalid.
func (m Mismatch) Unwrap() error { return m.Invalid }

// Check refuses an item that the table cannot hold. The error is an Invalid or a Mismatch.
func (s *Schema) Check(it Item) error {
	for _, a := range s.Key.Attributes() {
		v, ok := it.Get(a.Name)
		if !ok {
			return Mismatch{Invalid("One or more parameter values were invalid: Missing the key " + a.Name + " in the item")}
		}
		if err := a.check(v); err != nil {
			return err
		}
	}
	if err := s.checkIndexKeys(it); err != nil {
		return err
	}
	if err := s.Key.checkSizes(it); err != nil {
		return err
	}
	if it.Size() > MaxItemSize {
		return Invalid("Item size has exceeded the maximum allowed size")
	}
	return it.CheckDepth()
}

// CheckBatched is Check of an item in a batch, where DynamoDB tells of a key that is none of the table no more than that (observed:
// nubo-db/dynoxide#97, floci-io/floci#3227).
func (s *Schema) CheckBatched(it Item) error {
	if err := s.CheckKey(it.Only(s.Key.Names()...)); err != nil {
		return err
	}
	return s.Check(it)
}

// check refuses a value that a key attribute of the table cannot have.
func (a KeyAttribute) check(v Value) error {
	if v.Kind != a.Kind {
		return Mismatch{Invalid("One or more parameter values were invalid: Type mismatch for key " + a.Name + " expected: " +
			a.Kind.String() + " actual: " + v.Kind.String())}
	}
	return a.checkEmpty(v)
}

func (a KeyAttribute) checkEmpty(v Value) error {
	if v.Kind != N && v.Text == "" {
		return Invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " + v.word() +
			" value. Key: " + a.Name)
	}
	return nil
}

// CheckUpdate refuses what an update cannot make of an item, whose key it has not changed. Keys of indexes that the update left as
// they were are not looked at: an index that was made after the item leaves out those that it cannot have.
func (s *Schema) CheckUpdate(it, old Item) error {
	for _, x := range s.Indexes {
		for _, a := range x.Key.Attributes() {
			v, ok := it.Get(a.Name)
			if was, had := old.Get(a.Name); !ok || had && was.Equal(v) {
				continue
			}
			switch {
			case v.Kind != a.Kind:
				return Invalid("The update expression attempted to update the secondary index key to unsupported type")
			case v.Kind != N && v.Text == "":
				return Invalid("The update expression attempted to update a secondary index key to a value that is not supported. " +
					"The AttributeValue for a key attribute cannot contain an empty " + v.word() + " value. IndexName: " + x.Name + ", IndexKey: " + a.Name)
			}
		}
		if x.Key.checkSizes(it) != nil {
			return Invalid("The update expression attempted to update the secondary index key beyond allowed size limits")
		}
	}
	if it.Size() > MaxItemSize {
		return Invalid("Item size to update has exceeded the maximum allowed size")
	}
	if it.CheckDepth() != nil {
		return Invalid("Nesting Levels have exceeded supported limits")
	}
	return nil
}

// word is what messages call a string or a binary.
func (v Value) word() string {
	if v.Kind == B {
		return "binary"
	}
	return "string"
}

func (s *Schema) checkIndexKeys(it Item) error {
	for _, x := range s.Indexes {
		for _, a := range x.Key.Attributes() {
			v, ok := it.Get(a.Name)
			if !ok {
				continue
			}
			if v.Kind != a.Kind {
				return Mismatch{Invalid("One or more parameter values were invalid: Type mismatch for Index Key " + a.Name + " Expected: " +
					a.Kind.String() + " Actual: " + v.Kind.String() + " IndexName: " + x.Name)}
			}
			if (v.Kind == S || v.Kind == B) && v.Text == "" {
				return Invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
					"The AttributeValue for a key attribute cannot contain an empty " + v.word() + " value. IndexName: " + x.Name + ", IndexKey: " + a.Name)
			}
		}
		if err := x.Key.checkSizes(it); err != nil {
			return err
		}
	}
	return nil
}

// checkSizes refuses key values that are too long.
func (k Key) checkSizes(it Item) error {
	if sizeOf(it, k.Partition) > maxPartitionSize {
		return Invalid("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")
	}
	if sizeOf(it, k.Sort) > maxSortSize {
		return Invalid("One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return nil
}

// sizeOf is the size of the strings and binaries among some attributes together.
func sizeOf(it Item, attributes []KeyAttribute) (size int) {
	for _, a := range attributes {
		v, _ := it.Get(a.Name)
		size += len(v.Text)
	}
	return size
}

// notAKey is what a key is refused with that is none of the table.
const notAKey Invalid = "The provided key element does not match the schema"

// CheckKey refuses what is not exactly the key of an item. The error is an Invalid or a Mismatch.
func (s *Schema) CheckKey(key Item) error {
	attributes := s.Key.Attributes()
	if len(key) != len(attributes) {
		return Mismatch{notAKey}
	}
	for _, a := range attributes {
		v, ok := key.Get(a.Name)
		if !ok || v.Kind != a.Kind {
			return Mismatch{notAKey}
		}
		if err := a.checkEmpty(v); err != nil {
			return err
		}
	}
	return s.Key.checkSizes(key)
}

// TooDeep is what lists and maps are refused with that are nested too deeply; see CheckDepth.
const TooDeep Invalid = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"

// CheckDepth refuses lists and maps that are nested more deeply than an item can have them. The error is TooDeep.
func (i Item) CheckDepth() error {
	for _, a := range i {
		if err := a.Value.CheckDepth(); err != nil {
			return err
		}
	}
	return nil
}

// CheckDepth is that of an item, of one attribute.
func (v Value) CheckDepth() error {
	if v.depth() > maxDepth {
		return TooDeep
	}
	return nil
}

func (v Value) depth() int {
	deepest := 0
	for _, e := range v.List {
		deepest = max(deepest, e.depth())
	}
	for _, a := range v.Map {
		deepest = max(deepest, a.Value.depth())
	}
	if v.Kind == L || v.Kind == M {
		deepest++
	}
	return deepest
}
