package expression

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/item"
)

// A Path leads to a value in an item: the name of an attribute, then members of maps and elements of lists.
type Path []Step

// A Step is the name of a member, or the index of an element.
type Step struct {
	Name    string
	Index   int
	IsIndex bool
}

// String is the path as messages list it: [a, b, [1]].
func (p Path) String() string {
	parts := make([]string, len(p))
	for i, s := range p {
		if parts[i] = s.Name; s.IsIndex {
			parts[i] = "[" + strconv.Itoa(s.Index) + "]"
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Get returns the value that the path leads to, and whether there is one.
func (p Path) Get(it item.Item) (v item.Value, ok bool) {
	v = item.Value{Kind: item.M, Map: it}
	for _, s := range p {
		switch {
		case s.IsIndex:
			if v.Kind != item.L || s.Index >= len(v.List) {
				return item.Value{}, false
			}
			v = v.List[s.Index]
		case v.Kind != item.M:
			return item.Value{}, false
		default:
			if v, ok = v.Map.Get(s.Name); !ok {
				return item.Value{}, false
			}
		}
	}
	return v, true
}

var errPath = item.Invalid("The document path provided in the update expression is invalid for update")

// set returns the value with what the path leads to set to new. Everything before the last step must exist; an element behind the
// end of a list is appended.
func (p Path) set(v, to item.Value) (item.Value, error) {
	if len(p) == 0 {
		return to, nil
	}
	s, last := p[0], len(p) == 1
	switch {
	case s.IsIndex && v.Kind == item.L:
		list := slices.Clone(v.List)
		if s.Index >= len(list) {
			if !last {
				return v, errPath
			}
			return item.Value{Kind: item.L, List: append(list, to)}, nil
		}
		inner, err := p[1:].set(list[s.Index], to)
		list[s.Index] = inner
		return item.Value{Kind: item.L, List: list}, err
	case !s.IsIndex && v.Kind == item.M:
		inner, ok := v.Map.Get(s.Name)
		if !ok && !last {
			return v, errPath
		}
		inner, err := p[1:].set(inner, to)
		return item.Value{Kind: item.M, Map: v.Map.With(s.Name, inner)}, err
	}
	return v, errPath
}

// remove returns the value without what the path leads to. Everything before the last step must exist.
func (p Path) remove(v item.Value) (item.Value, error) {
	s, last := p[0], len(p) == 1
	switch {
	case s.IsIndex && v.Kind == item.L:
		if s.Index >= len(v.List) {
			if !last {
				return v, errPath
			}
			return v, nil
		}
		list := slices.Clone(v.List)
		if last {
			return item.Value{Kind: item.L, List: slices.Delete(list, s.Index, s.Index+1)}, nil
		}
		inner, err := p[1:].remove(list[s.Index])
		list[s.Index] = inner
		return item.Value{Kind: item.L, List: list}, err
	case !s.IsIndex && v.Kind == item.M:
		if last {
			return item.Value{Kind: item.M, Map: v.Map.Without(s.Name)}, nil
		}
		inner, ok := v.Map.Get(s.Name)
		if !ok {
			return v, errPath
		}
		inner, err := p[1:].remove(inner)
		return item.Value{Kind: item.M, Map: v.Map.With(s.Name, inner)}, err
	}
	return v, errPath
}

// compare orders paths: by their steps, a path before what it leads on to.
func (p Path) compare(q Path) int {
	return slices.CompareFunc(p, q, func(a, b Step) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return a.Index - b.Index
	})
}

func (p Path) equal(q Path) bool { return slices.Equal(p, q) }

// checkDistinct refuses two paths of which one leads through the other's end, or that take one value for a map and for a list.
func checkDistinct(paths []Path) error {
	for i, q := range paths {
		for _, p := range paths[:i] {
			if err := p.clash(q); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p Path) clash(q Path) error {
	what := "overlap"
	for i := range min(len(p), len(q)) {
		if p[i].IsIndex != q[i].IsIndex {
			what = "conflict"
			break
		}
		if p[i] != q[i] {
			return nil
		}
	}
	return item.Invalid("Two document paths " + what + " with each other; must remove or rewrite one of these paths; path one: " +
		p.String() + ", path two: " + q.String())
}
