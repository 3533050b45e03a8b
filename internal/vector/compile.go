package vector

import (
	"errors"
	"fmt"

	"github.com/ambit-iam/ambit/policy"
)

// Compile turns the vector into what [policy.Evaluate] takes. Its errors name
// the member.
func (v *Vector) Compile() (*policy.Set, *policy.Request, error) {
	c := compiler{arns: v.ARNs}
	r := v.request(&c)
	s := &policy.Set{
		Identity: c.layer("identity", "identity", v.Identity),
		Boundary: c.optional("boundary", "boundary", v.Boundary),
		SCPs:     c.levels("scp", "scps", v.SCPs),
		RCPs:     c.levels("rcp", "rcps", v.RCPs),
		Endpoint: c.optional("vpce", "vpc_endpoint_policy", v.EndpointPolicy),
		Resource: c.optional("resource", "resource_policy", v.ResourcePolicy),
	}
	if len(v.Session) > 0 {
		s.Session = c.layer("session", "session", v.Session)
	}
	kind := ""
	if v.ResourcePolicyKind != nil {
		kind = *v.ResourcePolicyKind
	}
	switch kind {
	case "", "generic":
	case "trust":
		s.ResourceKind = policy.RoleTrust
	case "kms":
		s.ResourceKind = policy.KMSKey
	default:
		c.failed("resource_policy_kind", fmt.Errorf("unknown kind %q; give one of generic, trust, kms", cut(kind)))
	}
	if c.err != nil {
		return nil, nil, c.err
	}
	return s, r, nil
}

func (v *Vector) request(c *compiler) *policy.Request {
	p, err := v.Principal.compile()
	c.failed("principal", err)
	action, err := policy.ParseAction(v.Request.Action)
	if v.Request.Action == "" {
		err = errors.New(`missing; name an action such as "s3:GetObject"`)
	}
	c.failed("request", within("action", err))
	if v.Request.Resource == "" {
		c.failed("request", within("resource", errors.New(`missing; give an ARN, or "*" for an action without resource-level permissions`)))
	}
	context := &policy.Context{}
	for name, value := range v.Request.Context {
		if value.Many {
			context.SetList(policy.NewKey(name), value.List)
		} else {
			context.Set(policy.NewKey(name), value.One)
		}
	}
	r := &policy.Request{Principal: p, Action: action, Resource: v.Request.Resource, Context: context}
	if v.ResourceAccount != nil {
		r.ResourceAccount = *v.ResourceAccount
	}
	return r
}

// A compiler parses documents and keeps the first error.
type compiler struct {
	arns map[string]string
	err  error
}

func (c *compiler) failed(where string, err error) {
	if c.err == nil {
		c.err = within(where, err)
	}
}

func (c *compiler) policy(kind, where string, text Document) policy.Policy {
	d, err := policy.Parse(string(text))
	var refusal *policy.Error
	if errors.As(err, &refusal) {
		err = &pathError{where + " at " + refusal.Position.String() + " of the document", refusalText(refusal)}
		if c.err == nil {
			c.err = err
		}
	} else {
		c.failed(where, err)
	}
	return policy.Policy{Document: d, ARN: c.arns[kind]}
}

func refusalText(e *policy.Error) error {
	if e.Detail == "" {
		return errors.New(e.Message)
	}
	return fmt.Errorf("%s (%s)", e.Message, e.Detail)
}

func (c *compiler) layer(kind, where string, docs []Document) *policy.Layer {
	policies := make([]policy.Policy, len(docs))
	for i, text := range docs {
		policies[i] = c.policy(kind, fmt.Sprintf("%s[%d]", where, i), text)
	}
	return policy.NewLayer(policies...)
}

func (c *compiler) optional(kind, where string, doc *Document) *policy.Layer {
	if doc == nil {
		return nil
	}
	return policy.NewLayer(c.policy(kind, where, *doc))
}

func (c *compiler) levels(kind, where string, levels [][]Document) []*policy.Layer {
	var out []*policy.Layer
	for i, level := range levels {
		out = append(out, c.layer(kind, fmt.Sprintf("%s[%d]", where, i), level))
	}
	return out
}
