package item

import "slices"

// fewElements is up to how many elements of a set are looked for one by one. A set of 400 KB can have more than a hundred thousand, and
// another one is looked through for each of them.
const fewElements = 16

// Union returns a set with the elements of another one of its kind added behind its own.
func (v Value) Union(w Value) Value {
	return Value{Kind: v.Kind, List: slices.Concat(v.List, w.Minus(v).List)}
}

// Minus returns a set without the elements of another one of its kind.
func (v Value) Minus(w Value) Value {
	return Value{Kind: v.Kind, List: slices.DeleteFunc(slices.Clone(v.List), w.elements())}
}

// An element is what makes an element of a set another one than the others.
type element struct {
	text   string
	number Number
}

// elements returns whether something is an element of a set. However large the set is, that takes no longer.
func (v Value) elements() func(Value) bool {
	if len(v.List) <= fewElements {
		return v.Contains
	}
	has := make(map[element]bool, len(v.List))
	for _, e := range v.List {
		has[element{e.Text, e.Number}] = true
	}
	return func(e Value) bool { return has[element{e.Text, e.Number}] }
}
