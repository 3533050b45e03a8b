package service

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

// A Service is what a folder below this one gives: handlers, and what only the service knows about its inputs and entities.
type Service struct {
	Name     string // in credential scopes
	Handlers []Handler

	// Unions are the types of inputs of which a value is one of several members.
	Unions []wire.Union

	// Decode reads an input whose members are spread over path, query, headers and body, and fills into if that is not
	// nil. It is required for REST services and unused for others.
	Decode func(codec *wire.Codec, raw Raw, into any) (wire.Lookup, error)

	// Facts are the NAMEs of the Service.NAME values that Fact knows, if only to say that a call has none. A handler is
	// bound only if they cover its row: a question that hangs on a value nobody knows would be left out.
	Facts []string

	// Fact returns a value that the row of a call names and that no member of its input holds: Service.NAME in templates,
	// or the name of a condition key. nil knows none.
	Fact func(c *Call, name string) (string, bool)

	// Gather works out what the questions about a call need beyond single facts, in the state that they are asked in; what it
	// says counts before Fact. An *Error is told before anything is decided. nil gathers nothing.
	Gather func(c *Call, r identity.Reader) (Gathered, error)

	// CrossOrigin says what pages of other origins may do: headers for the browser, or why a preflight is refused. It is asked
	// before anybody is known. nil tells browsers nothing.
	CrossOrigin func(r identity.Reader, head wire.Head, q CrossOrigin) (map[string]string, error)

	// Find returns an entity of the service's own kinds, the zero Stored if it does not exist. nil finds none. IAM's
	// kinds are found without it.
	Find func(c *Call, r identity.Reader, t operation.Target, value string) (Stored, error)
}

// An Operation is a row and the handler that is bound to it, if any.
type Operation struct {
	Row    operation.Row
	Family Family

	// Catalogued says that there is no row: the catalog of actions has one of the same name, and Row asks for nothing but that.
	Catalogued bool

	global    bool
	service   *Service
	handler   *Handler
	codec     *wire.Codec
	questions []question
}

// A question is one of the row's with its names made ready.
type question struct {
	operation.Question
	action policy.Action
	keys   []policy.Key // as Question.Keys; unused for names that end in a tag key
}

// Region is the value of aws:RequestedRegion for a request that was signed for a region.
func (o *Operation) Region(signed string) string {
	if o.global {
		return "us-east-1"
	}
	return signed
}

// A Table is every operation that can be called. It never changes.
type Table struct {
	operations map[string]*Operation // by full name
	ordered    []*Operation
	codec      *wire.Codec

	crossOrigin map[string]func(r identity.Reader, head wire.Head, q CrossOrigin) (map[string]string, error)
}

// NewTable makes an operation of every row and binds the handlers of the services to them. A service twice, a handler without a
// row, two handlers for one row, or a handler that writes on a row that reads is an error.
func NewTable(services ...Service) (*Table, error) {
	var unions []wire.Union
	for i := range services {
		unions = append(unions, services[i].Unions...)
	}
	t := &Table{operations: map[string]*Operation{}, codec: wire.NewCodec(unions...)}
	t.crossOrigin = map[string]func(identity.Reader, wire.Head, CrossOrigin) (map[string]string, error){}
	byName := map[string]*Service{}
	for i := range services {
		s := &services[i]
		if byName[s.Name] != nil {
			return nil, fmt.Errorf("service %s is listed twice", s.Name)
		}
		byName[s.Name] = s
		if s.CrossOrigin != nil {
			t.crossOrigin[s.Name] = s.CrossOrigin
		}
	}
	for _, row := range operation.Rows() {
		s := byName[row.Service]
		if s == nil {
			s = &Service{Name: row.Service}
		}
		o, err := t.newOperation(row, s)
		if err != nil {
			return nil, err
		}
		t.operations[row.FullName()] = o
		t.ordered = append(t.ordered, o)
	}
	for _, s := range byName {
		if err := t.bind(s); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Table) newOperation(row operation.Row, s *Service) (*Operation, error) {
	o := &Operation{Row: row, Family: FamilyOf(row.Service, 0), service: s, codec: t.codec}
	if of, ok := operation.FindService(row.Service); ok {
		o.global = of.Global
	}
	for _, q := range row.Questions {
		action, err := policy.ParseAction(q.Action)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", row.FullName(), err)
		}
		made := question{Question: q, action: action}
		for _, k := range q.Keys {
			made.keys = append(made.keys, policy.NewKey(k.Name))
		}
		o.questions = append(o.questions, made)
	}
	return o, nil
}

func (t *Table) bind(s *Service) error {
	for i := range s.Handlers {
		h := &s.Handlers[i]
		o := t.operations[s.Name+":"+h.name]
		switch {
		case o == nil:
			return fmt.Errorf("%s:%s has a handler and no row", s.Name, h.name)
		case o.handler != nil:
			return fmt.Errorf("%s has two handlers", o.Row.FullName())
		case h.writes && o.Row.Mode != operation.Write:
			return fmt.Errorf("%s writes and its row says %s", o.Row.FullName(), o.Row.Mode)
		}
		for _, name := range o.Row.ServiceNames() {
			if !slices.Contains(s.Facts, strings.TrimPrefix(name, servicePrefix)) {
				return fmt.Errorf("%s asks for %s, which is not among the Facts of its service", o.Row.FullName(), name)
			}
		}
		o.handler = h
	}
	return nil
}

// Find returns the operation of a service, both names spelled exactly, and whether there is one: that of a row, else one that the
// catalog names.
func (t *Table) Find(service, name string) (*Operation, bool) {
	if o, ok := t.operations[service+":"+name]; ok {
		return o, true
	}
	return t.catalogued(service, name)
}

// Operations returns every operation, by service and name. The slice must not be changed.
func (t *Table) Operations() []*Operation { return t.ordered }

// Codec returns the codec of all operations.
func (t *Table) Codec() *wire.Codec { return t.codec }
