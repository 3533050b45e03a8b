package expression

import (
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/item"
)

// An Update makes a new item of an old one.
type Update struct {
	sets, removes, adds, deletes []change
	paths                        []Path
}

// A change is what happens to what one path leads to.
type change struct {
	path  Path
	value *node // nil to remove
}

// Update compiles an UpdateExpression.
func (s *Scope) Update(text string) (*Update, error) {
	u, err := s.update(text)
	if err != nil {
		return nil, invalid("UpdateExpression", err)
	}
	return u, nil
}

func (s *Scope) update(text string) (*Update, error) {
	p, err := s.parse(text)
	if err != nil {
		return nil, err
	}
	u := &Update{}
	sections := []section{
		{"SET", &u.sets, p.assigned},
		{"REMOVE", &u.removes, func() (*node, error) { return nil, nil }},
		{"ADD", &u.adds, func() (*node, error) { return p.operandOf("ADD") }},
		{"DELETE", &u.deletes, func() (*node, error) { return p.operandOf("DELETE") }},
	}
	for first := true; first || p.peek().kind != end; first = false {
		i := slices.IndexFunc(sections, func(s section) bool { return p.peek().is(s.keyword) })
		if i < 0 {
			return nil, p.unexpected()
		}
		p.next()
		if err := u.section(p, sections[i]); err != nil {
			return nil, err
		}
	}
	if err := checkDistinct(u.paths); err != nil {
		p.note(overlappingPaths, err.Error())
	}
	return u, p.finish()
}

// A section is one of the four parts of an update.
type section struct {
	keyword string
	into    *[]change
	read    func() (*node, error) // what follows a path
}

// section reads the changes of one section, behind its keyword.
func (u *Update) section(p *parser, s section) error {
	if *s.into != nil {
		p.note(repeatedSection, `The "`+s.keyword+`" section can only be used once in an update expression;`)
	}
	for more := true; more; more = p.accept(",") {
		path, err := p.path()
		if err != nil {
			return err
		}
		value, err := s.read()
		if err != nil {
			return err
		}
		*s.into = append(*s.into, change{path, value})
		u.paths = append(u.paths, path)
	}
	return nil
}

// assigned reads what SET gives to a path.
func (p *parser) assigned() (*node, error) {
	if err := p.expect("="); err != nil {
		return nil, err
	}
	n, err := p.expression(bindCompare)
	if err != nil {
		return nil, err
	}
	p.checkAssigned(n, true)
	return n, nil
}

// checkAssigned notes what is wrong with a value of SET. A sum has two operands and stands at the top.
func (p *parser) checkAssigned(n *node, top bool) {
	switch n.kind {
	case pathNode, valueNode:
	case plusNode, minusNode:
		if !top {
			p.note(misusedFunction, "Syntax error; token: \""+n.operator+"\", near: \""+p.text+"\"")
		}
		for _, arg := range n.args {
			p.checkAssigned(arg, false)
			if k := arg.fixedKind(); k != 0 && k != item.N {
				p.wrongType(n.operator, k.String())
			}
		}
	case functionNode:
		p.checkUpdateFunction(n)
	default:
		p.note(misusedFunction, "Syntax error; token: \""+n.operator+"\", near: \""+p.text+"\"")
	}
}

func (p *parser) checkUpdateFunction(n *node) {
	if n.operator != "if_not_exists" && n.operator != "list_append" {
		p.note(unknownFunction, "Invalid function name; function: "+n.operator)
		return
	}
	for _, arg := range n.args {
		p.checkAssigned(arg, false)
	}
	if len(n.args) != 2 {
		p.wrongNumber(n.operator, len(n.args))
		return
	}
	if n.operator == "if_not_exists" {
		p.needsPath(n.operator, n.args[0])
		return
	}
	for _, arg := range n.args {
		if k := arg.fixedKind(); k != 0 && k != item.L {
			p.wrongType(n.operator, k.String())
		}
	}
}

// kindWords are the kinds as messages about ADD and DELETE have them.
var kindWords = map[item.Kind]string{
	item.S: "STRING", item.N: "NUMBER", item.B: "BINARY", item.NULL: "NULL", item.BOOL: "BOOLEAN", item.L: "LIST", item.M: "MAP",
}

// operandOf reads the placeholder that ADD and DELETE have.
func (p *parser) operandOf(section string) (*node, error) {
	t := p.peek()
	if t.kind != valueHolder {
		return nil, p.unexpected()
	}
	p.next()
	n := p.holder(t.text)
	if word := kindWords[n.value.Kind]; word != "" && (section != "ADD" || n.value.Kind != item.N) {
		p.note(wrongOperands, "Incorrect operand type for operator or function; operator: "+section+", operand type: "+word)
	}
	return n, nil
}

// Paths returns what the update changes.
func (u *Update) Paths() []Path { return u.paths }

// Names returns the attributes that the update reads or changes, at the top of an item.
func (u *Update) Names() []string {
	var names []string
	for _, list := range [][]change{u.sets, u.removes, u.adds, u.deletes} {
		for _, c := range list {
			names = append(names, c.path[0].Name)
			if c.value != nil {
				names = c.value.names(names)
			}
		}
	}
	return names
}

// Touched returns what an item has at the paths that the update changes.
func (u *Update) Touched(it item.Item) item.Item { return (&Projection{u.paths}).Of(it) }

// Apply returns what the update makes of an item, which stays as it is. All that is read is read of the old item. Errors are
// item.Invalid.
func (u *Update) Apply(old item.Item) (item.Item, error) {
	v := item.Value{Kind: item.M, Map: old}
	sets := slices.Clone(u.sets)
	slices.SortStableFunc(sets, func(a, b change) int { return a.path.compare(b.path) }) // elements behind the end come in their order
	for _, c := range sets {
		to, err := c.value.compute(old)
		if err != nil {
			return nil, err
		}
		if v, err = c.path.set(v, to); err != nil {
			return nil, err
		}
	}
	var err error
	for _, c := range u.adds {
		if v, err = c.add(v, old); err != nil {
			return nil, err
		}
	}
	for _, c := range u.deletes {
		if v, err = c.subtract(v, old); err != nil {
			return nil, err
		}
	}
	removes := slices.Clone(u.removes)
	slices.SortFunc(removes, func(a, b change) int { return b.path.compare(a.path) }) // from behind, so that indexes stay what they were
	for _, c := range removes {
		if v, err = c.path.remove(v); err != nil {
			return nil, err
		}
	}
	return v.Map, nil
}

var errType = item.Invalid("An operand in the update expression has an incorrect data type")

// compute is the value of an operand of SET.
func (n *node) compute(old item.Item) (item.Value, error) {
	switch n.kind {
	case valueNode:
		return n.value, nil
	case pathNode:
		v, ok := n.path.Get(old)
		if !ok {
			return v, item.Invalid("The provided expression refers to an attribute that does not exist in the item")
		}
		return v, nil
	}
	if n.operator == "if_not_exists" {
		if v, ok := n.args[0].path.Get(old); ok {
			return v, nil
		}
		return n.args[1].compute(old)
	}
	a, err := n.args[0].compute(old)
	if err != nil {
		return a, err
	}
	b, err := n.args[1].compute(old)
	switch {
	case err != nil:
		return b, err
	case n.kind == functionNode:
		if a.Kind != item.L || b.Kind != item.L {
			return a, errType
		}
		return item.Value{Kind: item.L, List: slices.Concat(a.List, b.List)}, nil
	case a.Kind != item.N || b.Kind != item.N:
		return a, errType
	}
	other := b.Number
	if n.kind == minusNode {
		other = other.Negate()
	}
	sum, err := a.Number.Add(other)
	return item.Decimal(sum), err
}

// add adds to a number or a set; what is absent is made.
func (c change) add(v item.Value, old item.Item) (item.Value, error) {
	was, exists := c.path.Get(old)
	by := c.value.value
	switch {
	case !exists:
		return c.path.set(v, by)
	case was.Kind != by.Kind:
		return v, errType
	case by.Kind == item.N:
		sum, err := was.Number.Add(by.Number)
		if err != nil {
			return v, err
		}
		return c.path.set(v, item.Decimal(sum))
	}
	return c.path.set(v, was.Union(by))
}

// subtract takes elements out of a set. A set of which nothing is left is removed.
func (c change) subtract(v item.Value, old item.Item) (item.Value, error) {
	was, exists := c.path.Get(old)
	by := c.value.value
	switch {
	case !exists:
		return v, nil
	case was.Kind != by.Kind:
		return v, errType
	}
	left := was.Minus(by)
	if len(left.List) == 0 {
		return c.path.remove(v)
	}
	return c.path.set(v, left)
}

// Changes returns the first attribute of names that the update would change, and whether there is one.
func (u *Update) Changes(names ...string) (string, bool) {
	for _, p := range u.paths {
		for _, name := range names {
			if p[0].Name == name {
				return strings.Clone(name), true
			}
		}
	}
	return "", false
}
