package oracle

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// A document is one policy document, read but not judged.
type document struct {
	hasVariables bool // Version 2012-10-17: ${…} stands for something
	statements   []statement
}

// A statement is one statement of a document. Lists are nil when the element is
// missing.
type statement struct {
	effect       string
	principals   []principalValue
	notPrincipal bool // principals is a NotPrincipal
	actions      []string
	notAction    bool // actions is a NotAction
	resources    []string
	notResource  bool // resources is a NotResource
	conditions   []condition
}

// readDocument reads the text of a policy document ("Grammar of the IAM JSON
// policy language"). Element names and effects are case-sensitive, and anything
// unknown is an error: what is not understood must not be skipped.
func readDocument(text json.RawMessage) (document, error) {
	value, err := readJSON(text)
	if err != nil {
		return document{}, err
	}
	elements, ok := value.(map[string]any)
	if !ok {
		return document{}, errors.New("not an object")
	}
	if err := onlyKnown(elements, "Version", "Id", "Statement"); err != nil {
		return document{}, err
	}
	var d document
	switch version := elements["Version"]; version {
	case nil, "2008-10-17":
	case "2012-10-17":
		d.hasVariables = true
	default:
		return document{}, fmt.Errorf("unknown Version %v", version)
	}
	var list []any
	switch statements := elements["Statement"].(type) {
	case map[string]any:
		list = []any{statements}
	case []any:
		list = statements
	}
	if len(list) == 0 {
		return document{}, errors.New("no Statement")
	}
	for i, item := range list {
		s, err := readStatement(item)
		if err != nil {
			return document{}, fmt.Errorf("statement %d: %w", i, err)
		}
		d.statements = append(d.statements, s)
	}
	return d, nil
}

func onlyKnown(elements map[string]any, known ...string) error {
	for name := range elements {
		if !slices.Contains(known, name) {
			return fmt.Errorf("unknown element %q", name)
		}
	}
	return nil
}

func readStatement(item any) (statement, error) {
	elements, ok := item.(map[string]any)
	if !ok {
		return statement{}, errors.New("not an object")
	}
	err := onlyKnown(elements, "Sid", "Effect", "Principal", "NotPrincipal",
		"Action", "NotAction", "Resource", "NotResource", "Condition")
	if err != nil {
		return statement{}, err
	}
	var s statement
	if s.effect, _ = elements["Effect"].(string); s.effect != "Allow" && s.effect != "Deny" {
		return statement{}, fmt.Errorf("unknown Effect %v", elements["Effect"])
	}
	if s.actions, s.notAction, err = eitherList(elements, "Action", "NotAction"); err != nil {
		return statement{}, err
	}
	if s.actions == nil {
		return statement{}, errors.New("neither Action nor NotAction")
	}
	if s.resources, s.notResource, err = eitherList(elements, "Resource", "NotResource"); err != nil {
		return statement{}, err
	}
	if s.principals, s.notPrincipal, err = readPrincipals(elements); err != nil {
		return statement{}, err
	}
	if block, ok := elements["Condition"]; ok {
		s.conditions, err = readConditions(block)
	}
	return s, err
}

// eitherList reads an element that comes as itself or as its negation.
func eitherList(elements map[string]any, name, negation string) (list []string, negated bool, err error) {
	positive, has := elements[name]
	negative, hasNegation := elements[negation]
	switch {
	case has && hasNegation:
		return nil, false, fmt.Errorf("both %s and %s", name, negation)
	case has:
		list, err = stringList(positive)
	case hasNegation:
		list, err = stringList(negative)
	}
	return list, hasNegation, err
}

// stringList reads a string or a list of strings. The list is never nil.
func stringList(value any) ([]string, error) {
	list := []string{}
	switch value := value.(type) {
	case string:
		return append(list, value), nil
	case []any:
		for _, item := range value {
			text, ok := item.(string)
			if !ok {
				return nil, fmt.Errorf("%v is not a string", item)
			}
			list = append(list, text)
		}
		return list, nil
	}
	return nil, fmt.Errorf("%v is not a string or a list", value)
}

// An attachment says which elements of a statement are tested: policies on
// resources name principals, and a trust policy covers its own role.
type attachment struct{ principal, resource bool }

var toIdentity = attachment{resource: true}

func toResource(kind string) attachment {
	return attachment{principal: true, resource: kind != Trust}
}

// An effect is what all documents of one policy type, or of one level of it, say
// about one request.
type effect struct {
	denies  bool
	granted bool // a policy without Principal allows
	grant
}

func (e effect) allows() bool { return e.granted || e.direct || e.through || e.account }

// effectOf adds up the documents of one policy type.
func (r request) effectOf(documents []json.RawMessage, as attachment) (effect, error) {
	var sum effect
	for _, text := range documents {
		if isNull(text) {
			continue
		}
		d, err := readDocument(text)
		if err != nil {
			return effect{}, err
		}
		for _, s := range d.statements {
			if !as.principal && s.principals != nil {
				return effect{}, errors.New("a policy of this type names no principal")
			}
			if !r.isCovered(d, s, as) {
				continue
			}
			switch {
			case s.effect == "Deny":
				sum.denies = sum.denies || !as.principal || r.denied(s)
			case !as.principal:
				sum.granted = true
			default:
				sum.grant = sum.grant.union(r.granted(s))
			}
		}
	}
	return sum, nil
}

// A request is what statements are compared with.
type request struct {
	caller      Principal
	hasBoundary bool
	action      string
	resource    string
	context     lookup
	variables   lookup
}

// isCovered tests everything in a statement except its principals.
func (r request) isCovered(d document, s statement, as attachment) bool {
	if s.notAction == r.inActions(s.actions) {
		return false
	}
	variables := r.variables
	if !d.hasVariables {
		variables = nil
	}
	if as.resource && (s.resources == nil || s.notResource == r.inResources(s.resources, variables)) {
		return false
	}
	for _, c := range s.conditions {
		if !c.holds(r.context, variables) {
			return false
		}
	}
	return true
}

// inActions ignores case in both halves of an action ("IAM JSON policy elements:
// Action").
func (r request) inActions(list []string) bool {
	return slices.ContainsFunc(list, func(text string) bool {
		return glob(foldKey(text)).matches(foldKey(r.action))
	})
}

func (r request) inResources(list []string, variables lookup) bool {
	return slices.ContainsFunc(list, func(text string) bool {
		p, ok := resourcePattern(text, variables)
		return ok && p.matches(r.resource)
	})
}
