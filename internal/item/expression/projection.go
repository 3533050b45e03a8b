package expression

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/item"
)

// A Projection is what is kept of an item.
type Projection struct{ paths []Path }

// Projection compiles a ProjectionExpression.
func (s *Scope) Projection(text string) (*Projection, error) {
	paths, err := s.projection(text)
	if err != nil {
		return nil, invalid("ProjectionExpression", err)
	}
	return &Projection{paths}, nil
}

// Attributes is the projection to whole attributes.
func Attributes(names ...string) *Projection {
	p := &Projection{}
	for _, name := range names {
		p.paths = append(p.paths, Path{{Name: name}})
	}
	return p
}

func (s *Scope) projection(text string) ([]Path, error) {
	p, err := s.parse(text)
	if err != nil {
		return nil, err
	}
	var paths []Path
	for more := true; more; more = p.accept(",") {
		path, err := p.path()
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	if err := checkDistinct(paths); err != nil {
		p.note(overlappingPaths, err.Error())
	}
	return paths, p.finish()
}

// Names returns the attributes that are kept, or of which something is, at the top of an item.
func (p *Projection) Names() []string {
	var names []string
	for _, path := range p.paths {
		names = append(names, path[0].Name)
	}
	return names
}

// Of returns what is kept of an item: maps keep the members, and lists the elements, that a path leads to.
func (p *Projection) Of(it item.Item) item.Item {
	kept, _ := keep(item.Value{Kind: item.M, Map: it}, p.paths)
	return kept.Map
}

// keep returns what paths lead to in a value, and whether they lead to anything.
func keep(v item.Value, paths []Path) (item.Value, bool) {
	if slices.ContainsFunc(paths, func(p Path) bool { return len(p) == 0 }) {
		return v, true
	}
	paths = slices.Clone(paths)
	slices.SortFunc(paths, Path.compare)
	out := item.Value{Kind: v.Kind}
	found := false
	for len(paths) > 0 {
		step := paths[0][0]
		var inner []Path
		for len(paths) > 0 && paths[0][0] == step {
			inner = append(inner, paths[0][1:])
			paths = paths[1:]
		}
		at, ok := Path{step}.within(v)
		if !ok {
			continue
		}
		kept, ok := keep(at, inner)
		if !ok {
			continue
		}
		found = true
		if step.IsIndex {
			out.List = append(out.List, kept)
		} else {
			out.Map = append(out.Map, item.Attribute{Name: step.Name, Value: kept})
		}
	}
	return out, found
}

// within returns what one step leads to.
func (p Path) within(v item.Value) (item.Value, bool) {
	s := p[0]
	switch {
	case s.IsIndex && v.Kind == item.L && s.Index < len(v.List):
		return v.List[s.Index], true
	case !s.IsIndex && v.Kind == item.M:
		return v.Map.Get(s.Name)
	}
	return item.Value{}, false
}
