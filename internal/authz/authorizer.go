package authz

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// Options choose how an Authorizer words its answers.
type Options struct {
	// DenialARNs adds the ARN of the policy to explicit denials ("Enhanced access denied error messages with policy ARNs",
	// AWS Security Blog).
	DenialARNs bool
}

// Identities are where the policies come from that bear on a caller; *identity.Registry is them.
type Identities interface {
	// Policies returns the policies of the caller in the state of r, or in the committed state if r is nil.
	Policies(ctx context.Context, r store.Reader, c *identity.Caller) (identity.Policies, error)
	// Organization returns the place of an account, never nil without an error.
	Organization(ctx context.Context, r store.Reader, account string) (*identity.Organization, error)
}

var _ Identities = (*identity.Registry)(nil)

// An Authorizer decides. It is safe for use by several goroutines.
type Authorizer struct {
	identities Identities
	options    Options
	scratches  sync.Pool // of *scratch
}

// New returns an Authorizer on the identities of a registry.
func New(identities Identities, o Options) *Authorizer {
	return &Authorizer{identities: identities, options: o, scratches: sync.Pool{New: func() any { return new(scratch) }}}
}

// Decide answers q for the caller. r is the reader of the update or view in which the deed is done, of whatever space, and nil
// outside of one: then the committed state counts. Ask before the deed: what the running function wrote may not be seen.
//
// It does not allocate for an Allow outside of transactions, unless a policy looks at the time.
func (a *Authorizer) Decide(ctx context.Context, r store.Reader, c *identity.Caller, e *Environment, q *Question) Decision {
	var rc requestCase
	if err := rc.gather(ctx, a.identities, r, c, e, q); err != nil {
		return Decision{Err: err}
	}
	if a.options.DenialARNs {
		rc.uses = identity.AllContextKeys // whether the caller may see an ARN depends on both sides' organization
	}
	if rc.uses == 0 && len(q.Keys) == 0 && !rc.differs(c) {
		return a.decide(&rc, e, q)
	}
	rc.scratch = a.scratches.Get().(*scratch)
	rc.judge(c)
	var d Decision
	if rc.fill(rc.uses, c, e, q) {
		d = a.decide(&rc, e, q)
	} else {
		d = rc.inEveryReading(rc.uses, c, e, q, func(q *Question) Decision { return a.decide(&rc, e, q) })
	}
	rc.scratch.clear()
	a.scratches.Put(rc.scratch)
	return d
}

func (a *Authorizer) decide(rc *requestCase, e *Environment, q *Question) Decision {
	if rc.laborious(e, q) {
		return Decision{Err: errLaborious}
	}
	d := Decision{Outcome: policy.Decide(&rc.set, &rc.request)}
	if d.Verdict != policy.Allowed {
		d.Message = a.message(rc, d.Outcome, q)
	}
	return d
}

// Explain gives the answer of Decide with every reason. What it returns belongs to the caller.
func (a *Authorizer) Explain(ctx context.Context, r store.Reader, c *identity.Caller, e *Environment, q *Question) Explanation {
	rc := &requestCase{scratch: new(scratch)}
	if err := rc.gather(ctx, a.identities, r, c, e, q); err != nil {
		return Explanation{Decision: Decision{Err: err}}
	}
	rc.judge(c)
	if rc.fill(identity.AllContextKeys, c, e, q) {
		return a.explain(rc, e, q)
	}
	var x Explanation
	d := rc.inEveryReading(identity.AllContextKeys, c, e, q, func(q *Question) Decision {
		x = a.explain(rc, e, q)
		return x.Decision
	})
	if d.Err != nil {
		return Explanation{Decision: d}
	}
	return x
}

func (a *Authorizer) explain(rc *requestCase, e *Environment, q *Question) Explanation {
	if rc.laborious(e, q) {
		return Explanation{Decision: Decision{Err: errLaborious}}
	}
	d := policy.Evaluate(&rc.set, &rc.request)
	x := Explanation{Decision: Decision{Outcome: d.Outcome}, Reasons: d.Reasons, Set: rc.set, Request: rc.request}
	if d.Verdict != policy.Allowed {
		x.Message = a.message(rc, d.Outcome, q)
	}
	return x
}

// message words a refusal.
func (a *Authorizer) message(rc *requestCase, o policy.Outcome, q *Question) string {
	if !a.options.DenialARNs {
		return o.Message(&rc.request, q.Shown)
	}
	return o.MessageWithARN(&rc.set, &rc.request, q.Shown)
}

// A requestCase is everything about one request and one question.
type requestCase struct {
	set      policy.Set
	request  policy.Request
	policies identity.Policies
	own      *identity.Organization // the caller's
	other    *identity.Organization // the resource's
	uses     identity.ContextKeys   // what any of the policies looks at
	scratch  *scratch               // nil as long as nothing needs it
	count    int                    // of the readings in which the question is judged; 0: one
}

// A scratch is what only some cases need, in memory that is used again.
type scratch struct {
	context   policy.Context
	principal policy.Principal

	service, paths, resourcePaths [1]string // values of keys that are lists

	address netip.Addr // whose text was asked for last, and
	spelled string     // that text: peers ask more than once
}

// addressText is the address as aws:SourceIp has it.
func (s *scratch) addressText(a netip.Addr) string {
	if a != s.address || s.spelled == "" {
		s.address, s.spelled = a, a.Unmap().WithZone("").String()
	}
	return s.spelled
}

// clear lets go of what the scratch points to, and keeps its memory.
func (s *scratch) clear() {
	s.context.Reset()
	s.principal = policy.Principal{}
}

// gather finds the policies that bear on the caller and on the resource.
func (rc *requestCase) gather(ctx context.Context, from Identities, r store.Reader, c *identity.Caller, e *Environment, q *Question) (err error) {
	if c == nil || e == nil {
		return errors.New("a question needs a caller and an environment")
	}
	if rc.policies, err = from.Policies(ctx, r, c); err != nil {
		return fmt.Errorf("policies of the caller: %w", err)
	}
	if rc.own, err = from.Organization(ctx, r, c.Principal.Account); err != nil {
		return fmt.Errorf("organization of the caller: %w", err)
	}
	rc.other = rc.own
	resourceAccount := q.ResourceAccount
	if resourceAccount == "" {
		resourceAccount = c.Principal.Account
	}
	if resourceAccount != c.Principal.Account {
		if rc.other, err = from.Organization(ctx, r, resourceAccount); err != nil {
			return fmt.Errorf("organization of the resource: %w", err)
		}
	}
	set := &rc.set // whose fields are set one by one, because a set that is copied takes as long as a question to a layer
	set.Session, set.SCPs, set.Resource, set.ResourceKind = rc.policies.Session, rc.own.SCPs, q.Policy, q.Kind
	if rc.other.Management != resourceAccount { // whose resources no RCP bears on ("Resource control policies", Organizations User Guide)
		set.RCPs = rc.other.RCPs
	}
	if v := rc.policies.View; v != nil {
		set.Identity, set.Boundary = v.Identity, v.Boundary
	}
	rc.uses = rc.policies.Uses | rc.own.Uses | rc.other.Uses
	if q.Policy != nil {
		rc.uses = identity.AllContextKeys
	}
	request := &rc.request
	request.Principal, request.Action, request.Resource, request.ResourceAccount = &c.Principal, q.Action, q.Resource, resourceAccount
	return nil
}

// differs reports whether the caller's principal lacks something that can change while it lives: its place, and a user's path.
func (rc *requestCase) differs(c *identity.Caller) bool {
	return rc.manages(c) || rc.policies.View != nil && (rc.policies.View.ServiceLinked || rc.moved(c))
}

// manages reports whether the caller's account manages its organization.
func (rc *requestCase) manages(c *identity.Caller) bool {
	return rc.own.Management != "" && rc.own.Management == c.Principal.Account
}

// moved reports whether the caller is a user that has got another path, and so another ARN.
func (rc *requestCase) moved(c *identity.Caller) bool {
	return c.Principal.Type == policy.User && rc.policies.View.ARN != c.Principal.ARN
}

// judge puts in the principal with what differs. Mostly there is nothing, and nothing is copied.
func (rc *requestCase) judge(c *identity.Caller) {
	if !rc.differs(c) {
		return
	}
	p, v := &rc.scratch.principal, rc.policies.View
	*p = c.Principal
	p.ManagementAccount = rc.manages(c)
	p.ServiceLinked = v != nil && v.ServiceLinked
	if v != nil && rc.moved(c) {
		p.ARN = v.ARN
	}
	rc.request.Principal = p
}
