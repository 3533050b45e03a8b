package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

var simulatePrincipalPolicy = service.Long[iam.SimulatePrincipalPolicyInput, *simulation]{
	Check: func(in *iam.SimulatePrincipalPolicyInput) error {
		var i input
		i.Required("policySourceArn", in.PolicySourceArn)
		i.Length("policySourceArn", in.PolicySourceArn, 20, 2048)
		s := simulatedPrincipal(in)
		s.check(&i)
		return i.Err()
	},
	Plan: func(c *service.Call, in *iam.SimulatePrincipalPolicyInput, r identity.Reader, _ *service.Hold) (*simulation, error) {
		sim, err := simulationOf(c, *in.PolicySourceArn, r)
		if err != nil {
			return nil, err
		}
		if err := exclude(sim, in.PolicyExclusionList); err != nil {
			return nil, err
		}
		return sim, sim.calledBy(in.CallerArn)
	},
	Act: func(ctx context.Context, c *service.Call, in *iam.SimulatePrincipalPolicyInput, sim *simulation, _ *service.Hold) (service.Answer, error) {
		s := simulatedPrincipal(in)
		results, marker, err := s.simulate(ctx, c, sim)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.SimulatePrincipalPolicyOutput{EvaluationResults: results, IsTruncated: marker != nil, Marker: marker}), nil
	},
}

// entityNamed finds the user, group or role of this account that an ARN names.
func entityNamed(text string, r identity.Reader) (identity.Ref, error) {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "iam" || a.Name() == "" {
		return identity.Ref{}, unclearEntity(text)
	}
	kind := identity.Kind(a.Kind())
	var found string
	switch kind {
	case identity.KindUser:
		var u identity.User
		u, err = r.User(a.Name())
		found = u.ARN
	case identity.KindGroup:
		var g identity.Group
		g, err = r.Group(a.Name())
		found = g.ARN
	case identity.KindRole:
		var role identity.Role
		role, err = r.Role(a.Name())
		found = role.ARN
	default:
		return identity.Ref{}, unclearEntity(text)
	}
	var missing *identity.NotFoundError
	if err != nil && !errors.As(err, &missing) {
		return identity.Ref{}, err
	}
	if err != nil || found != text { // of another account, or with another path
		return identity.Ref{}, answer(&identity.NotFoundError{Kind: kind, Name: a.Name()})
	}
	return identity.Ref{Kind: kind, Name: a.Name()}, nil
}

func unclearEntity(text string) error {
	return invalidInput("Invalid Entity Arn: " + text + " does not clearly define entity type and name.")
}

// simulationOf is the simulation of a user, group or role with everything that bears on it now.
func simulationOf(c *service.Call, name string, r identity.Reader) (*simulation, error) {
	ref, err := entityNamed(name, r)
	if err != nil {
		return nil, err
	}
	place, err := c.Identities.Organization(context.Background(), r.Store(), r.Account()) // r is all that is read
	if err != nil {
		return nil, err
	}
	sim := &simulation{place: place, principal: somebody(c.Identities.Partition(), r.Account())}
	holdings, err := r.Holdings(ref)
	if err != nil {
		return nil, err
	}
	for _, h := range holdings {
		sim.identity = append(sim.identity, source{Policy: h.Policy, id: holdingID(h), holder: h.Holder, inline: h.Inline})
	}
	switch ref.Kind {
	case identity.KindUser:
		err = sim.asUser(ref.Name, r)
	case identity.KindRole:
		err = sim.asRole(ref.Name, r)
	}
	return sim, err
}

// holdingID is what answers call a policy: managed ones by name, inline ones by who has them as well.
func holdingID(h identity.Holding) string {
	if !h.Inline {
		return h.Name
	}
	return string(h.Holder.Kind) + "_" + h.Holder.Name + "_" + h.Name
}

func (s *simulation) asUser(name string, r identity.Reader) error {
	user, err := r.User(name)
	if err != nil {
		return err
	}
	s.named = true
	s.principal = policy.Principal{Type: policy.User, ARN: user.ARN, Account: r.Account(), ID: string(user.ID)}
	s.set("aws:username", user.Name)
	s.set("aws:userid", string(user.ID))
	s.known("User", user.Entity)
	s.placed()
	return s.bounded(user.Boundary, r)
}

// asRole: a session of the role calls, of which only the role is known.
func (s *simulation) asRole(name string, r identity.Reader) error {
	role, err := r.Role(name)
	if err != nil {
		return err
	}
	s.principal = policy.Principal{
		Type: policy.RoleSession, ARN: role.ARN, RoleARN: role.ARN, Account: r.Account(), ID: string(role.ID), ServiceLinked: role.ServiceLinked,
	}
	s.known("AssumedRole", role.Entity)
	s.placed()
	return s.bounded(role.Boundary, r)
}

// known sets the condition keys that every request of the entity carries, whatever its account is in.
func (s *simulation) known(kind string, e identity.Entity) {
	s.principal.ManagementAccount = s.place.Management != "" && s.place.Management == s.principal.Account
	s.set("aws:PrincipalType", kind)
	s.set("aws:PrincipalArn", e.ARN)
	s.set("aws:PrincipalAccount", s.principal.Account)
	s.set("aws:PrincipalIsAWSService", "false")
	for _, t := range e.Tags {
		s.set("aws:PrincipalTag/"+t.Key, t.Value)
	}
}

// placed sets the condition keys about the organization of the account.
func (s *simulation) placed() {
	if s.place.ID != "" {
		s.set("aws:PrincipalOrgID", s.place.ID)
		s.context.SetList(policy.NewKey("aws:PrincipalOrgPaths"), []string{s.place.Path})
	}
}

func (s *simulation) set(key, value string) { s.context.Set(policy.NewKey(key), value) }

func (s *simulation) bounded(name string, r identity.Reader) error {
	if name == "" {
		return nil
	}
	p, err := r.Boundary(name)
	if err != nil {
		return err
	}
	s.boundary = []source{{Policy: p, id: p.Name}}
	return nil
}

// calledBy makes an IAM user the caller, whose policies stay those of the simulation (API reference, CallerArn). Of one who is not
// simulated nothing is looked up: his tags, his id, and whether he is there, are for those to know who may read them, and may simulate
// him.
func (s *simulation) calledBy(name *string) error {
	if name == nil {
		return nil
	}
	a, err := arn.Parse(*name)
	if err != nil || a.Service != "iam" || a.Kind() != "user" || a.Name() == "" || !arn.IsAccountID(a.Account) {
		return invalidInput("Invalid CallerArn: " + *name + ". It must be the ARN of an IAM user.")
	}
	if *name == s.principal.ARN {
		return nil
	}
	here := a.Account == s.principal.Account
	s.context, s.named = policy.Context{}, true
	s.principal = policy.Principal{Type: policy.User, ARN: *name, Account: a.Account}
	s.set("aws:username", a.Name())
	s.known("User", identity.Entity{ARN: *name})
	if here {
		s.placed()
	}
	return nil
}
