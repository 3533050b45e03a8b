package service

import (
	"errors"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

// An Asked is a question of the row, filled in. A question with an Err cannot be answered, and that is a refusal.
type Asked struct {
	authz.Question
	Err error

	// PolicyOf is the ARN of the entity whose resource-based policy bears on the question, whether it has one or not; empty where none
	// can, or the entity does not exist.
	PolicyOf string
}

// Questions returns what must be allowed for the call, in the order of the row, in the state that r sees. The error is an *Error
// that the caller is told before anything is decided, or a failure of the server; an entity that does not exist is neither.
func (o *Operation) Questions(c *Call, r identity.Reader) ([]Asked, error) {
	c.soft = nil // of a call that is judged again, what was answered before does not count
	asked := make([]Asked, 0, len(o.questions))
	n, err := o.namesOf(c, r)
	if err != nil {
		return nil, err
	}
	for i := range o.questions {
		q := &o.questions[i]
		if o.handler == nil && hangsOnService(q) {
			// Nobody has worked out yet what is touched. The call will not be done, and is judged as if it were everything.
			asked = append(asked, Asked{Question: authz.Question{Action: q.action, Soft: q.Soft, Resource: "*"}})
			continue
		}
		if len(q.When) > 0 && !n.anyPresent(q.When) || n.anyPresent(q.Unless) {
			continue
		}
		if q.Each == "" {
			a, err := o.ask(c, r, q, &n, i == 0)
			if err != nil {
				return nil, err
			}
			asked = append(asked, a)
			continue
		}
		for _, element := range n.elements(q.Each) {
			n.each, n.element = q.Each, element
			a, err := o.ask(c, r, q, &n, i == 0)
			if err != nil {
				return nil, err
			}
			asked = append(asked, a)
		}
		n.element = nil
	}
	return asked, nil
}

// namesOf begins the values that the row speaks of.
func (o *Operation) namesOf(c *Call, r identity.Reader) (n names, err error) {
	n.call = c
	if o.handler != nil && o.service.Gather != nil {
		n.gathered, err = o.service.Gather(c, r)
	}
	return n, err
}

// servicePrefix begins the names of values that the service must work out itself.
const servicePrefix = "Service."

// hangsOnService reports whether it takes the service to say whether, how often or about what a question is asked.
func hangsOnService(q *question) bool {
	names := slices.Concat(q.When, q.Unless, operation.References(q.Resource), operation.References(q.Shown))
	for _, name := range append(names, q.Each, q.Target.Member, q.Target.In) {
		if strings.HasPrefix(name, servicePrefix) {
			return true
		}
	}
	return false
}

// ask fills one question in.
func (o *Operation) ask(c *Call, r identity.Reader, q *question, n *names, first bool) (Asked, error) {
	stored, err := o.find(c, r, q, n)
	if err != nil {
		return Asked{}, err
	}
	if n.target = stored; first {
		n.first = stored
	}
	a := Asked{Question: authz.Question{Action: q.action, Soft: q.Soft}}
	if a.Err = a.name(q, stored, n); a.Err == nil {
		a.fill(q, stored, n)
	}
	return a, nil
}

// Missing is the answer to a call whose question has this Err because its input lacks the member that names what is judged; nil for
// other errors. An operation with a handler has checked its input: what it lacks is refused.
func (o *Operation) Missing(err error) *wire.Fault {
	var missing *operation.MissingError
	if o.handler != nil || !errors.As(err, &missing) {
		return nil
	}
	member, _, _ := strings.Cut(missing.Reference, ",")
	if member == "" || member == "Element" || strings.Contains(member, ".") {
		return nil // no member of the input, or one inside of another
	}
	return o.Family.Missing(member)
}

// fill adds whose the resource is, its own policy, and the condition keys.
func (a *Asked) fill(q *question, stored Stored, n *names) {
	a.ResourceAccount = stored.owner(a.Resource)
	a.Policy, a.Kind = stored.resourcePolicy(q.Policy)
	a.PolicyOf = stored.holder(q.Policy, a.Resource)
	for i := range q.Keys {
		if !seen(q.Keys[:i], q.Keys[i].Name, a.Keys, q.keys[i]) {
			a.Keys = n.appendKey(a.Keys, q.Keys[i], q.keys[i])
		}
	}
}

// name fills in what is judged and what a denial prints of it.
func (a *Asked) name(q *question, stored Stored, n *names) (err error) {
	if a.Resource = stored.ARN; a.Resource == "" {
		if a.Resource, err = q.Judge(n.text); err != nil {
			return err
		}
	}
	a.Shown, err = q.Show(a.Resource, n.text)
	return err
}

// seen reports whether an earlier source of the same key gave it a value: the first that has one counts.
func seen(earlier []operation.Key, name string, have []authz.KeyValue, key policy.Key) bool {
	for _, k := range earlier {
		if k.Name != name {
			continue
		}
		for _, v := range have {
			if v.Key == key {
				return true
			}
		}
	}
	return false
}

// resourcePolicy returns the policy of the entity that bears on a question, and how much it decides.
func (s Stored) resourcePolicy(kind operation.ResourcePolicy) (*policy.Layer, policy.ResourceKind) {
	switch kind {
	case operation.TrustPolicy:
		return s.Policy, policy.RoleTrust
	case operation.KeyPolicy:
		return s.Policy, policy.KMSKey
	case operation.BucketPolicy, operation.EntityPolicy:
		return s.Policy, policy.OrdinaryResource
	}
	return nil, policy.OrdinaryResource
}

// holder is the ARN of what holds the policy of a kind that bears on the resource: of objects it is their bucket, of indexes their table.
func (s Stored) holder(kind operation.ResourcePolicy, resource string) string {
	if s.ARN == "" && s.Account == "" {
		return "" // it does not exist
	}
	switch kind {
	case operation.NoResourcePolicy:
		return ""
	case operation.BucketPolicy:
		resource, _, _ = strings.Cut(resource, "/")
	case operation.EntityPolicy:
		resource, _, _ = strings.Cut(resource, "/index/")
	}
	return resource
}

const perTag = "/${TagKey}"

// appendKey adds a condition key of the row. A key without a value stays absent.
func (n *names) appendKey(keys []authz.KeyValue, k operation.Key, made policy.Key) []authz.KeyValue {
	if prefix, ok := strings.CutSuffix(k.Name, perTag); ok {
		for _, tag := range n.tags(k) {
			keys = append(keys, authz.One(policy.NewKey(prefix+"/"+tag.Key), tag.Value))
		}
		return keys
	}
	if k.Name == "aws:TagKeys" || k.Name == "s3:RequestObjectTagKeys" {
		if list := n.tagKeys(k); len(list) > 0 {
			keys = append(keys, authz.Many(made, list))
		}
		return keys
	}
	if list := n.gathered.values(n.each, n.element, k.Name); k.From == operation.FromService && len(list) > 0 {
		return append(keys, authz.Many(made, list))
	}
	if value, ok := n.value(k); ok {
		return append(keys, authz.One(made, value))
	}
	if k.From == operation.FromInput {
		if list := n.texts(k.Value); len(list) > 0 {
			return append(keys, authz.Many(made, list))
		}
	}
	return keys
}

// value returns the value of a key that has one value.
func (n *names) value(k operation.Key) (string, bool) {
	switch k.From {
	case operation.FromInput:
		return n.text(k.Value)
	case operation.FromTarget:
		return n.target.attribute(k.Value)
	case operation.FromCaller:
		return n.caller(k.Value)
	case operation.FromConstant:
		return k.Value, true
	case operation.FromTemplate:
		value, err := operation.Expand(k.Value, n.text)
		return value, err == nil
	case operation.FromService:
		return n.fact(k.Name)
	}
	return "", false
}

// tags returns the tags that a key with a tag key in its name stands for.
func (n *names) tags(k operation.Key) []wire.Pair {
	switch k.From {
	case operation.FromInput:
		return n.pairs(k.Value)
	case operation.FromTarget:
		if k.Value != "Tags" {
			return nil // tags of what holds the target, which bear only where that is enabled
		}
		return pairsOf(n.target.Tags)
	case operation.FromService:
		return n.gathered.tags(k.Value)
	}
	return nil
}

// tagKeys returns the keys of a list of tags, or the elements of a list of tag keys.
func (n *names) tagKeys(k operation.Key) []string {
	if k.From == operation.FromTarget {
		return nil
	}
	if list, ok := n.call.Input.Members.Strings(k.Value); ok {
		return list
	}
	var list []string
	for _, p := range n.tags(k) {
		list = append(list, p.Key)
	}
	return list
}
