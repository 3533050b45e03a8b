package identity

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// A View is what bears on the requests of one user or role: its compiled policies and its tags. It never changes and is
// shared; a change of what it was made of puts another in its place.
type View struct {
	Identity      *policy.Layer // nil allows nothing
	Boundary      *policy.Layer // nil: there is none
	Uses          ContextKeys   // the keys that the policies look at
	ServiceLinked bool
	stale         atomic.Bool // set when the cache lets go of the view: who still holds it must ask anew
	ID            UniqueID
	ARN           string
	Tags          []PrincipalTag
}

// A PrincipalTag is a tag as the condition key aws:PrincipalTag/… with its value.
type PrincipalTag struct {
	Key   policy.Key
	Value string
}

// Policies are the policies of one caller in one state of the store.
type Policies struct {
	View    *View         // nil for root, services and anonymous callers
	Session *policy.Layer // nil: no session policies were passed
	Uses    ContextKeys   // the keys that any of them looks at
}

// Policies returns the policies of a caller in the state that r shows, or in the committed state if r is nil. Inside an update
// or a view r must be its reader, of whatever space; what the running function wrote itself may not be seen yet. A principal
// that does not live any more is a *CredentialError.
func (g *Registry) Policies(ctx context.Context, r store.Reader, c *Caller) (Policies, error) {
	var p Policies
	if c.entity.Kind == "" {
		if c.Principal.Type == policy.FederatedUser {
			p.View = &everything
		}
	} else {
		v, err := g.view(ctx, r, c)
		if err != nil {
			return Policies{}, err
		}
		p.View, p.Uses = v, v.Uses
	}
	if !c.limited {
		return p, nil
	}
	layer, err := g.sessionLayer(ctx, r, c)
	if err != nil {
		return Policies{}, err
	}
	p.Session = layer.Layer
	p.Uses |= layer.uses
	return p, nil
}

// everything is the view of root where only session policies limit it: a federated session that root made. It is never changed.
var everything = View{Identity: policy.NewLayer(policy.Policy{Document: mustParse(
	`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), Name: "root"})}

func mustParse(text string) *policy.Document {
	d, err := policy.Parse(text)
	if err != nil {
		panic("identity: " + err.Error())
	}
	return d
}

// view returns the view of the caller's user or role. A request costs no look-up as long as the view that the caller met last
// counts: that is for the committed state alone.
func (g *Registry) view(ctx context.Context, r store.Reader, c *Caller) (*View, error) {
	account, id := c.Principal.Account, UniqueID(c.Principal.ID)
	if r != nil {
		r = r.Foreign(store.Space(account))
		if g.views.shows(account, r.Revision()) {
			if v := g.views.get(account, c.entity); v != nil && v.ID == id {
				return v, nil
			}
		}
		return g.viewInUpdate(g.Read(account, r), c.entity, id)
	}
	c.near.Load().Prefetch()
	if v := c.view.Load(); v != nil && !v.stale.Load() {
		return v, nil
	}
	if v := g.views.get(account, c.entity); v != nil && v.ID == id {
		c.meet(v)
		return v, nil
	}
	var v *View
	err := g.store.View(ctx, store.Space(account), func(r store.Reader) (err error) {
		l := loader{Reader: g.readOnce(account, r), shared: true}
		v, err = l.principal(c.entity, id)
		if err == nil && g.views.put(account, r.Revision(), c.entity, v) {
			c.meet(v)
		}
		return err
	})
	return v, err
}

// viewInUpdate returns the view of a user or role in a state that is perhaps not committed.
func (g *Registry) viewInUpdate(r Reader, ref Ref, id UniqueID) (*View, error) {
	if v := g.inUpdates.get(r, ref); v != nil && v.ID == id {
		return v, nil
	}
	r.origins = &origins{account: r.account}
	v, err := loader{Reader: r}.principal(ref, id)
	if err == nil {
		g.inUpdates.put(r.account, ref, v, r.origins)
	}
	return v, err
}

// A loader makes views of one state of an account. It shares layers among views only if that state is a committed one.
type loader struct {
	Reader
	shared bool
}

// principal loads the view of the user or role with that unique id, which is probably still called as ref says.
func (l loader) principal(ref Ref, id UniqueID) (*View, error) {
	v, err := l.load(ref)
	var missing *NotFoundError
	if err != nil && !errors.As(err, &missing) {
		return nil, err
	}
	if err == nil && v.ID == id {
		return v, nil
	}
	l.origins.note("", "", nil) // which is not among what is kept
	renamed, err := l.Principal(id)
	if errors.As(err, &missing) {
		return nil, &CredentialError{Fault: PrincipalGone}
	}
	if err != nil {
		return nil, err
	}
	v, err = l.load(renamed)
	if err == nil && v.ID != id {
		err = ErrDamaged
	}
	return v, err
}

func (l loader) load(ref Ref) (*View, error) {
	var e Entity
	var groups []string
	var serviceLinked bool
	switch ref.Kind {
	case KindUser:
		u, err := l.User(ref.Name)
		if err != nil {
			return nil, err
		}
		e, groups = u.Entity, u.Groups
	default:
		role, err := l.Role(ref.Name)
		if err != nil {
			return nil, err
		}
		e, serviceLinked = role.Entity, role.ServiceLinked
	}
	v := &View{ID: e.ID, ARN: e.ARN, Tags: principalTags(e.Tags), ServiceLinked: serviceLinked}
	identity, err := l.identityLayer(e, groups)
	if err != nil {
		return nil, err
	}
	boundary, err := l.boundaryLayer(e.Boundary)
	if err != nil {
		return nil, err
	}
	v.Identity, v.Boundary, v.Uses = identity.Layer, boundary.Layer, identity.uses|boundary.uses
	return v, nil
}

// A sharedLayer is a layer with the context keys that its policies look at.
type sharedLayer struct {
	*policy.Layer
	uses ContextKeys
}

// identityLayer puts the identity-based policies together: the managed ones in the order of attachment, the inline ones in the
// order of creation, then those of the groups.
func (l loader) identityLayer(e Entity, groups []string) (sharedLayer, error) {
	holders := []Entity{e}
	for _, name := range groups {
		g, err := l.Group(name)
		if err != nil {
			return sharedLayer{}, err
		}
		holders = append(holders, g.Entity)
	}
	attached, inline := 0, 0
	for _, h := range holders {
		attached, inline = attached+len(h.Attached), inline+len(h.Inline)
	}
	if attached+inline <= 1 {
		return l.onlyLayer(holders)
	}
	policies := make([]policy.Policy, 0, attached+inline)
	var uses ContextKeys
	for _, h := range holders {
		for _, arn := range h.Attached {
			p, u, err := l.managedPolicy(arn)
			if err != nil {
				return sharedLayer{}, err
			}
			policies, uses = append(policies, p), uses|u
		}
		for _, in := range h.Inline {
			c, err := l.compiled(in.Document)
			if err != nil {
				return sharedLayer{}, err
			}
			policies, uses = append(policies, policy.Policy{Document: c.Document, Name: in.Name}), uses|c.Uses
		}
	}
	return sharedLayer{policy.NewLayer(policies...), uses}, nil
}

// onlyLayer returns the layer of holders that have one policy among them, or none. It is shared with others.
func (l loader) onlyLayer(holders []Entity) (sharedLayer, error) {
	for _, h := range holders {
		if len(h.Attached) > 0 {
			return l.managedLayer(h.Attached[0])
		}
		if len(h.Inline) > 0 {
			c, err := l.compiled(h.Inline[0].Document)
			if err != nil {
				return sharedLayer{}, err
			}
			return sharedLayer{c.layer(h.Inline[0].Name), c.Uses}, nil
		}
	}
	return sharedLayer{}, nil
}

// boundaryLayer returns the boundary; one whose policy is missing allows nothing.
func (l loader) boundaryLayer(arn string) (sharedLayer, error) {
	if arn == "" {
		return sharedLayer{}, nil
	}
	layer, err := l.managedLayer(arn)
	var missing *NotFoundError
	if errors.As(err, &missing) {
		return sharedLayer{Layer: policy.NewLayer()}, nil
	}
	return layer, err
}

// managedLayer returns the layer of a single managed policy, one for all who have it.
func (l loader) managedLayer(arn string) (sharedLayer, error) {
	if l.shared {
		if found, ok := l.registry.views.managed(l.account, arn); ok {
			return found, nil
		}
	}
	p, uses, err := l.managedPolicy(arn)
	if err != nil {
		return sharedLayer{}, err
	}
	made := sharedLayer{policy.NewLayer(p), uses}
	if l.shared {
		l.registry.views.putManaged(l.account, l.store.Revision(), arn, made)
	}
	return made, nil
}

func (l loader) managedPolicy(arn string) (policy.Policy, ContextKeys, error) {
	if isAWSManaged(arn) {
		return l.registry.awsPolicy(arn)
	}
	p, err := l.Policy(arn)
	if err != nil {
		return policy.Policy{}, 0, err
	}
	v, err := p.version("")
	if err != nil {
		return policy.Policy{}, 0, err
	}
	c, err := l.compiled(v.Document)
	return policy.Policy{Document: c.Document, Name: p.Name, ARN: p.ARN}, c.Uses, err
}

// awsPolicy returns an AWS managed policy. They never change while the program runs.
func (g *Registry) awsPolicy(arn string) (policy.Policy, ContextKeys, error) {
	if found, ok := g.aws.Load(arn); ok {
		c := found.(Compiled)
		return policy.Policy{Document: c.Document, Name: nameOf(arn), ARN: arn}, c.Uses, nil
	}
	p, ok := g.managed(arn)
	if !ok {
		return policy.Policy{}, 0, &NotFoundError{KindPolicy, arn}
	}
	c, err := g.documents.Get(DigestOf(p.Document), func() (string, error) { return p.Document, nil })
	if err != nil {
		return policy.Policy{}, 0, err
	}
	g.aws.Store(strings.Clone(arn), c)
	return policy.Policy{Document: c.Document, Name: p.Name, ARN: p.ARN}, c.Uses, nil
}

func principalTags(tags []Tag) []PrincipalTag {
	if len(tags) == 0 {
		return nil
	}
	made := make([]PrincipalTag, len(tags))
	for i, t := range tags {
		made[i] = PrincipalTag{policy.NewKey(PrincipalTags.Name() + t.Key), t.Value}
	}
	return made
}
