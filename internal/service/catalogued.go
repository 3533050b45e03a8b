package service

import (
	"github.com/ambit-iam/ambit/catalog"
	"github.com/ambit-iam/ambit/catalog/operation"
)

// catalogued returns the operation of a call that no row describes, but whose name is that of an action that AWS documents. Nothing is
// known of what it works on, so it is authorised on every resource, and nobody serves it: whoever may do it everywhere is told that it
// is not implemented, and everybody else that it is denied. An action without a call of its name is no operation. REST services name no operation: their calls have rows or are unknown.
func (t *Table) catalogued(service, name string) (*Operation, bool) {
	s, ok := operation.FindService(service)
	if !ok || s.Whole || s.Protocol == operation.RestJSON || s.Protocol == operation.RestXML {
		return nil, false
	}
	action, ok := catalog.FindAction(s.Namespace + ":" + name)
	if !ok || action.Name != name || operation.OnlyPermission(service, name) {
		return nil, false
	}
	mode := operation.Write
	if action.Access&^(catalog.List|catalog.Read) == 0 {
		mode = operation.Read
	}
	o, err := t.newOperation(operation.Row{
		Service: service, Name: name, Mode: mode, Source: "Service Authorization Reference",
		Encoded:   s.Protocol == operation.EC2Query && mode == operation.Write, // as the rows of EC2
		Questions: []operation.Question{{Action: action.String(), Resource: "*"}},
	}, &Service{Name: service})
	if err != nil {
		return nil, false
	}
	o.Catalogued = true
	return o, true
}
