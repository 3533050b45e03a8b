package oracle

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Shrink reduces a case as long as stillFails holds: policies, statements,
// elements, conditions, values and context keys are dropped one after another
// until nothing more can go. What it returns fails as well, and c itself is left
// untouched. Every case shown to stillFails can be judged without an error. Keys
// that follow from the caller stay, since no request comes without them.
func Shrink(c Case, stillFails func(Case) bool) Case {
	for {
		smaller, found := shrinkOnce(c, stillFails)
		if !found {
			return c
		}
		c = smaller
	}
}

// shrinkOnce returns the first smaller case that still fails.
func shrinkOnce(c Case, stillFails func(Case) bool) (Case, bool) {
	for candidate := range smallerCases(c) {
		if _, err := Judge(candidate); err == nil && stillFails(candidate) {
			return candidate, true
		}
	}
	return Case{}, false
}

// smallerCases yields the cases one step smaller than c, the boldest steps first.
func smallerCases(c Case) func(yield func(Case) bool) {
	return func(yield func(Case) bool) {
		_ = yieldParts(c, yield) && yieldPolicies(c, yield) && yieldContext(c, yield) && yieldDocuments(c, yield)
	}
}

// yieldParts drops whole kinds of policies.
func yieldParts(c Case, yield func(Case) bool) bool {
	without := func(present bool, drop func(*Case)) bool {
		if !present {
			return true
		}
		smaller := c
		drop(&smaller)
		return yield(smaller)
	}
	return without(len(c.SCPs) > 0, func(s *Case) { s.SCPs = nil }) &&
		without(len(c.RCPs) > 0, func(s *Case) { s.RCPs = nil }) &&
		without(!isNull(c.VPCEndpointPolicy), func(s *Case) { s.VPCEndpointPolicy = nil }) &&
		without(!isNull(c.ResourcePolicy), func(s *Case) {
			s.ResourcePolicy = nil
			if s.ResourcePolicyKind == Generic {
				s.ResourcePolicyKind = ""
			}
		}) &&
		without(!isNull(c.Boundary), func(s *Case) { s.Boundary = nil }) &&
		without(len(c.Session) > 0, func(s *Case) { s.Session = []json.RawMessage{} }) &&
		without(len(c.Identity) > 0, func(s *Case) { s.Identity = []json.RawMessage{} }) &&
		without(len(c.ARNs) > 0, func(s *Case) { s.ARNs = nil })
}

// yieldPolicies drops single levels and single documents.
func yieldPolicies(c Case, yield func(Case) bool) bool {
	for i := range c.Identity {
		smaller := c
		smaller.Identity = dropped(c.Identity, i)
		if !yield(smaller) {
			return false
		}
	}
	for i := range c.Session {
		smaller := c
		smaller.Session = dropped(c.Session, i)
		if !yield(smaller) {
			return false
		}
	}
	scps := func(s *Case, levels [][]json.RawMessage) { s.SCPs = levels }
	rcps := func(s *Case, levels [][]json.RawMessage) { s.RCPs = levels }
	return yieldLevels(c, c.SCPs, scps, yield) && yieldLevels(c, c.RCPs, rcps, yield)
}

func yieldLevels(c Case, levels [][]json.RawMessage, set func(*Case, [][]json.RawMessage), yield func(Case) bool) bool {
	for i, level := range levels {
		if len(levels) > 1 {
			smaller := c
			set(&smaller, dropped(levels, i))
			if !yield(smaller) {
				return false
			}
		}
		for j := range level {
			smaller := c
			set(&smaller, replaced(levels, i, dropped(level, j)))
			if !yield(smaller) {
				return false
			}
		}
	}
	return true
}

// yieldContext drops context keys and values of multivalued ones.
func yieldContext(c Case, yield func(Case) bool) bool {
	for _, key := range slices.Sorted(maps.Keys(c.Request.Context)) {
		if followsFromCaller(key) {
			continue
		}
		smaller := c
		smaller.Request.Context = maps.Clone(c.Request.Context)
		delete(smaller.Request.Context, key)
		if !yield(smaller) {
			return false
		}
		values := c.Request.Context[key]
		for i := range values.Strings {
			if !values.List || len(values.Strings) == 1 {
				break
			}
			smaller.Request.Context = maps.Clone(c.Request.Context)
			smaller.Request.Context[key] = List(dropped(values.Strings, i)...)
			if !yield(smaller) {
				return false
			}
		}
	}
	return true
}

func followsFromCaller(key string) bool {
	key = strings.ToLower(key)
	return key == "aws:username" || key == "aws:userid" || strings.HasPrefix(key, "aws:principal")
}

// yieldDocuments makes every document smaller, one at a time.
func yieldDocuments(c Case, yield func(Case) bool) bool {
	inOne := func(text json.RawMessage, set func(*Case, json.RawMessage)) bool {
		for smallerText := range smallerDocuments(text) {
			smaller := c
			set(&smaller, smallerText)
			if !yield(smaller) {
				return false
			}
		}
		return true
	}
	for i, text := range c.Identity {
		if !inOne(text, func(s *Case, t json.RawMessage) { s.Identity = replaced(c.Identity, i, t) }) {
			return false
		}
	}
	for i, text := range c.Session {
		if !inOne(text, func(s *Case, t json.RawMessage) { s.Session = replaced(c.Session, i, t) }) {
			return false
		}
	}
	for i, level := range c.SCPs {
		for j, text := range level {
			set := func(s *Case, t json.RawMessage) { s.SCPs = replaced(c.SCPs, i, replaced(level, j, t)) }
			if !inOne(text, set) {
				return false
			}
		}
	}
	for i, level := range c.RCPs {
		for j, text := range level {
			set := func(s *Case, t json.RawMessage) { s.RCPs = replaced(c.RCPs, i, replaced(level, j, t)) }
			if !inOne(text, set) {
				return false
			}
		}
	}
	return inOne(c.Boundary, func(s *Case, t json.RawMessage) { s.Boundary = t }) &&
		inOne(c.ResourcePolicy, func(s *Case, t json.RawMessage) { s.ResourcePolicy = t }) &&
		inOne(c.VPCEndpointPolicy, func(s *Case, t json.RawMessage) { s.VPCEndpointPolicy = t })
}

// smallerDocuments yields a document with one thing less in it: a member of an
// object or an item of a list, wherever it stands. Most are not valid documents;
// the caller sorts those out. A list of one also turns into its item.
func smallerDocuments(text json.RawMessage) func(yield func(json.RawMessage) bool) {
	return func(yield func(json.RawMessage) bool) {
		if isNull(text) {
			return
		}
		value, err := readJSON(text)
		if err != nil {
			return
		}
		for smaller := range smallerValues(value) {
			var b bytes.Buffer
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(smaller); err != nil || !yield(bytes.TrimSpace(b.Bytes())) {
				return
			}
		}
	}
}

func smallerValues(value any) func(yield func(any) bool) {
	return func(yield func(any) bool) {
		switch value := value.(type) {
		case map[string]any:
			yieldMembers(value, yield)
		case []any:
			yieldItems(value, yield)
		}
	}
}

func yieldMembers(value map[string]any, yield func(any) bool) {
	for _, name := range slices.Sorted(maps.Keys(value)) {
		if name != "Version" && name != "Resource" && name != "NotResource" && name != "Principal" && name != "NotPrincipal" {
			smaller := maps.Clone(value)
			delete(smaller, name)
			if !yield(smaller) {
				return
			}
		}
		for inner := range smallerValues(value[name]) {
			smaller := maps.Clone(value)
			smaller[name] = inner
			if !yield(smaller) {
				return
			}
		}
	}
}

func yieldItems(value []any, yield func(any) bool) {
	if len(value) == 1 && !yield(value[0]) {
		return
	}
	for i, item := range value {
		if len(value) > 1 && !yield(dropped(value, i)) {
			return
		}
		for inner := range smallerValues(item) {
			if !yield(replaced(value, i, inner)) {
				return
			}
		}
	}
}

// dropped is a copy of a list without one item.
func dropped[T any](list []T, i int) []T {
	return slices.Delete(slices.Clone(list), i, i+1)
}

// replaced is a copy of a list with another item in one place.
func replaced[T any](list []T, i int, item T) []T {
	list = slices.Clone(list)
	list[i] = item
	return list
}
