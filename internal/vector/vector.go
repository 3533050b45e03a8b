// Package vector decides what an evaluation vector asks and whether an answer
// agrees with what it expects. A vector is one request with every policy that
// bears on it, as JSON; any implementation of IAM's evaluation logic can be
// judged by vectors. The schema is documented in docs/vectors.md and is the
// input of "ambit eval".
package vector

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/ambit-iam/ambit/policy"
)

// A Vector is one case.
type Vector struct {
	ID                 string            `json:"id"`
	Title              string            `json:"title,omitempty"`
	Confidence         string            `json:"confidence,omitempty"`
	Principal          Principal         `json:"principal"`
	Identity           []Document        `json:"identity"`
	Boundary           *Document         `json:"boundary"`
	Session            []Document        `json:"session"`
	ResourcePolicy     *Document         `json:"resource_policy"`
	ResourcePolicyKind *string           `json:"resource_policy_kind"`
	ResourceAccount    *string           `json:"resource_account"`
	SCPs               [][]Document      `json:"scps"`
	RCPs               [][]Document      `json:"rcps"`
	EndpointPolicy     *Document         `json:"vpc_endpoint_policy"`
	Request            Request           `json:"request"`
	ARNs               map[string]string `json:"arns,omitempty"`
	Expect             *Expect           `json:"expect,omitempty"`
}

// Document is the raw text of a policy document.
type Document = json.RawMessage

// Principal is the caller of a vector.
type Principal struct {
	Type              string `json:"type"`
	ARN               string `json:"arn"`
	Account           string `json:"account"`
	Name              string `json:"name"`
	UserID            string `json:"user_id"`
	UserARN           string `json:"user_arn"`
	RoleARN           string `json:"role_arn"`
	RoleID            string `json:"role_id"`
	Service           string `json:"service"`
	ManagementAccount bool   `json:"management_account"`
	ServiceLinked     bool   `json:"service_linked"`
}

// Request is what the caller asks for.
type Request struct {
	Action   string           `json:"action"`
	Resource string           `json:"resource"`
	Context  map[string]Value `json:"context"`
}

// Value is a string or a list of strings; numbers and booleans are read as
// their text.
type Value struct {
	One  string
	List []string
	Many bool
}

// UnmarshalJSON reads a scalar or a list of scalars.
func (v *Value) UnmarshalJSON(b []byte) error {
	var raw any
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	list, many := raw.([]any)
	if !many {
		one, err := scalar(raw)
		*v = Value{One: one}
		return err
	}
	*v = Value{Many: true, List: make([]string, 0, len(list))}
	for _, e := range list {
		text, err := scalar(e)
		if err != nil {
			return err
		}
		v.List = append(v.List, text)
	}
	return nil
}

func scalar(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool, float64:
		return fmt.Sprint(v), nil
	}
	return "", fmt.Errorf("a context value must be a string or a list of strings, not %T", v)
}

// Expect is what a vector expects.
type Expect struct {
	Decision       string   `json:"decision"`
	Deciding       *string  `json:"deciding_policy_type"`
	DecidingAny    []string `json:"deciding_any"`
	Message        *string  `json:"message"`
	MessageAny     []string `json:"message_any"`
	MessageWithARN *string  `json:"message_with_arn"`
}

// Read reads a JSON array of vectors. Its errors name the vector.
func Read(r io.Reader) ([]Vector, error) {
	var raw []json.RawMessage
	d := json.NewDecoder(r)
	if err := d.Decode(&raw); err != nil {
		return nil, fmt.Errorf("expected a JSON array of vectors: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("expected one JSON array of vectors, found more behind it")
	}
	out := make([]Vector, len(raw))
	for i, text := range raw {
		if err := json.Unmarshal(text, &out[i]); err != nil {
			return nil, fmt.Errorf("vector %d (%q): %w", i, out[i].ID, err)
		}
	}
	return out, nil
}

// Compile turns the vector into what [policy.Evaluate] takes.
func (v *Vector) Compile() (*policy.Set, *policy.Request, error) {
	c := compiler{arns: v.ARNs}
	s := &policy.Set{
		Identity: c.layer("identity", v.Identity),
		Boundary: c.optional("boundary", v.Boundary),
		SCPs:     c.levels("scp", v.SCPs),
		RCPs:     c.levels("rcp", v.RCPs),
		Endpoint: c.optional("vpce", v.EndpointPolicy),
		Resource: c.optional("resource", v.ResourcePolicy),
	}
	if len(v.Session) > 0 {
		s.Session = c.layer("session", v.Session)
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
		c.failed("resource_policy_kind", fmt.Errorf("unknown kind %q", kind))
	}
	r, err := v.request()
	c.failed("request", err)
	if c.err != nil {
		return nil, nil, fmt.Errorf("vector %s: %w", v.ID, c.err)
	}
	return s, r, nil
}

func (v *Vector) request() (*policy.Request, error) {
	p, err := v.Principal.compile()
	if err != nil {
		return nil, err
	}
	action, err := policy.ParseAction(v.Request.Action)
	if err != nil {
		return nil, err
	}
	if v.Request.Resource == "" {
		return nil, fmt.Errorf("the resource is empty")
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
	return r, nil
}

var principalTypes = map[string]policy.PrincipalType{
	"user": policy.User, "role-session": policy.RoleSession, "federated": policy.FederatedUser,
	"root": policy.RootUser, "service": policy.AWSService, "anonymous": policy.Anonymous,
}

func (p *Principal) compile() (*policy.Principal, error) {
	t, ok := principalTypes[p.Type]
	if !ok {
		return nil, fmt.Errorf("unknown principal type %q", p.Type)
	}
	out := &policy.Principal{
		Type: t, ARN: p.ARN, Account: p.Account, ID: p.UserID, RoleARN: p.RoleARN, UserARN: p.UserARN,
		Service: p.Service, ManagementAccount: p.ManagementAccount, ServiceLinked: p.ServiceLinked,
	}
	if t == policy.RoleSession {
		out.ID = p.RoleID
	}
	return out, nil
}

// A compiler parses documents and keeps the first error.
type compiler struct {
	arns map[string]string
	err  error
}

func (c *compiler) failed(where string, err error) {
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("%s: %w", where, err)
	}
}

func (c *compiler) layer(name string, docs []Document) *policy.Layer {
	policies := make([]policy.Policy, len(docs))
	for i, text := range docs {
		d, err := policy.Parse(string(text))
		c.failed(fmt.Sprintf("%s[%d]", name, i), err)
		policies[i] = policy.Policy{Document: d, ARN: c.arns[name]}
	}
	return policy.NewLayer(policies...)
}

func (c *compiler) optional(name string, doc *Document) *policy.Layer {
	if doc == nil {
		return nil
	}
	return c.layer(name, []Document{*doc})
}

func (c *compiler) levels(name string, levels [][]Document) []*policy.Layer {
	var out []*policy.Layer
	for _, level := range levels {
		out = append(out, c.layer(name, level))
	}
	return out
}
