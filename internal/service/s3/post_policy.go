package s3

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
)

// A postPolicy is what whoever signed a form allows it to say ("POST Policy", S3 API Reference).
type postPolicy struct {
	expires    time.Time
	conditions []postCondition
}

// A postCondition is a demand on one field, or on the size of the file.
type postCondition struct {
	operator    string // eq, starts-with or content-length-range
	field       string // as the policy spells it
	value       string
	least, most int64
}

const (
	operatorEq         = "eq"
	operatorStartsWith = "starts-with"
	operatorRange      = "content-length-range"
)

// parsePostPolicy reads the policy of a form as it was sent. The sentences of its errors are those that S3 has been seen to answer;
// there is no list.
func parsePostPolicy(sent string) (postPolicy, error) {
	text, err := base64.StdEncoding.DecodeString(sent)
	if err != nil {
		return postPolicy{}, invalidPolicy("invalid Base64 encoding.")
	}
	var document map[string]json.RawMessage
	if err := json.Unmarshal(text, &document); err != nil || document == nil {
		return postPolicy{}, invalidPolicy("Invalid JSON.")
	}
	for _, name := range slices.Sorted(maps.Keys(document)) {
		if name != "expiration" && name != "conditions" {
			return postPolicy{}, invalidPolicy("Unexpected: '" + name + "'")
		}
	}
	var p postPolicy
	expiration, given := document["expiration"]
	if !given {
		return postPolicy{}, invalidPolicy("Policy missing expiration.")
	}
	var at string
	if err = json.Unmarshal(expiration, &at); err == nil {
		p.expires, err = time.Parse("2006-01-02T15:04:05Z", at) // with or without a fraction
	}
	if err != nil {
		return postPolicy{}, invalidPolicy("Invalid 'expiration' value: '" + at + "'")
	}
	conditions, given := document["conditions"]
	if !given {
		return postPolicy{}, invalidPolicy("Policy missing conditions.")
	}
	var list []json.RawMessage
	if err := json.Unmarshal(conditions, &list); err != nil || list == nil {
		return postPolicy{}, invalidPolicy("Invalid 'conditions' value: must be a List.")
	}
	for _, one := range list {
		c, err := parsePostCondition(one)
		if err != nil {
			return postPolicy{}, err
		}
		p.conditions = append(p.conditions, c)
	}
	return p, nil
}

// parsePostCondition reads {"FIELD": "VALUE"}, ["eq", "$FIELD", "VALUE"], ["starts-with", "$FIELD", "VALUE"] or
// ["content-length-range", LEAST, MOST].
func parsePostCondition(text json.RawMessage) (postCondition, error) {
	var simple map[string]any
	if json.Unmarshal(text, &simple) == nil && simple != nil {
		if len(simple) != 1 {
			return postCondition{}, invalidPolicy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
		}
		for field, value := range simple {
			if value, ok := value.(string); ok {
				return postCondition{operator: operatorEq, field: field, value: value}, nil
			}
		}
		return postCondition{}, invalidPolicy("Invalid Simple-Condition: value must be a string.")
	}
	var list []any
	if json.Unmarshal(text, &list) != nil || list == nil {
		return postCondition{}, invalidPolicy("Invalid condition test: must be a List or Object.")
	}
	operator := ""
	if len(list) > 0 {
		operator, _ = list[0].(string)
	}
	c := postCondition{operator: strings.ToLower(operator)}
	switch {
	case operator == "":
		return c, invalidPolicy("Invalid Condition: missing operation identifier.")
	case c.operator != operatorEq && c.operator != operatorStartsWith && c.operator != operatorRange:
		return c, invalidPolicy("Invalid Condition: unknown operation '" + operator + "'.")
	case len(list) != 3:
		return c, invalidPolicy("Invalid " + c.operator + ": wrong number of arguments.")
	case c.operator == operatorRange:
		var okLeast, okMost bool
		c.least, okLeast = sizeIn(list[1])
		c.most, okMost = sizeIn(list[2])
		if !okLeast || !okMost {
			return c, invalidPolicy("Invalid content-length-range: arguments must be numbers.")
		}
		return c, nil
	}
	field, isName := list[1].(string)
	value, isText := list[2].(string)
	var named bool
	if c.field, named = strings.CutPrefix(field, "$"); !isName || !isText || !named || c.field == "" {
		return c, invalidPolicy("Invalid " + c.operator + ": arguments must be a field, which begins with $, and a string.")
	}
	c.value = value
	return c, nil
}

// sizeIn reads a number of bytes.
func sizeIn(v any) (int64, bool) {
	switch v := v.(type) {
	case float64:
		n := int64(v)
		return n, v >= 0 && v == math.Trunc(v) && v < 1<<53
	case string:
		n, err := strconv.ParseUint(v, 10, 53)
		return int64(n), err == nil
	}
	return 0, false
}

// allow decides whether a form may be sent now: values are those of its fields and of its bucket by name in lower case, names what must be
// allowed, as it is spelled. What it says about the size of the file is in the expectation.
func (p *postPolicy) allow(now time.Time, values map[string]string, names []string, e *expectation) error {
	if !now.Before(p.expires) {
		return notByPolicy("Policy expired.")
	}
	covered := map[string]bool{}
	for _, c := range p.conditions {
		if c.operator == operatorRange {
			e.least, e.most = max(e.least, c.least), min(e.most, c.most)
			continue
		}
		field := strings.ToLower(c.field)
		value, given := values[field]
		if !given || !c.holds(field, value) {
			return notByPolicy("Policy Condition failed: " + c.String())
		}
		covered[field] = true
	}
	for _, name := range names {
		if !covered[strings.ToLower(name)] {
			return notByPolicy("Extra input fields: " + name)
		}
	}
	return nil
}

// holds compares. Of a content type with commas each must begin as is demanded.
func (c *postCondition) holds(field, value string) bool {
	if c.operator == operatorEq {
		return value == c.value
	}
	if field != "content-type" {
		return strings.HasPrefix(value, c.value)
	}
	for one := range strings.SplitSeq(value, ",") {
		if !strings.HasPrefix(strings.TrimLeft(one, " "), c.value) {
			return false
		}
	}
	return true
}

// String is the condition as S3 writes it.
func (c *postCondition) String() string {
	return "[" + jsonText(c.operator) + ", " + jsonText("$"+c.field) + ", " + jsonText(c.value) + "]"
}

func jsonText(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string can always be written
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func invalidPolicy(why string) error {
	return service.BadRequest("InvalidPolicyDocument", "Invalid Policy: "+why)
}

func notByPolicy(why string) error {
	return service.Forbidden("AccessDenied", "Invalid according to Policy: "+why)
}
