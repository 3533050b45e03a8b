package identity

import (
	"errors"

	"github.com/ambit-iam/ambit/policy"
)

// A Holding is one identity-based policy that bears on an entity, and who has it: the entity itself or one of its groups.
type Holding struct {
	policy.Policy
	Holder Ref // its name in the spelling of creation
	Inline bool
}

// Holdings returns the identity-based policies that bear on a user, group or role: the managed ones in the order of attachment,
// then the inline ones in the order of creation, and after them those of the user's groups.
func (r Reader) Holdings(of Ref) ([]Holding, error) {
	e, err := r.entity(of)
	if err != nil {
		return nil, err
	}
	list, err := r.holdings(nil, of.Kind, e)
	if err != nil || of.Kind != KindUser {
		return list, err
	}
	user, err := r.User(of.Name)
	if err != nil {
		return nil, err
	}
	for _, name := range user.Groups {
		group, err := r.Group(name)
		if err != nil {
			return nil, err
		}
		if list, err = r.holdings(list, KindGroup, group.Entity); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r Reader) holdings(list []Holding, kind Kind, e Entity) ([]Holding, error) {
	for _, arn := range e.Attached {
		p, _, err := loader{Reader: r}.managedPolicy(arn)
		if err != nil {
			return nil, err
		}
		list = append(list, Holding{Policy: p, Holder: Ref{kind, e.Name}})
	}
	for _, in := range e.Inline {
		c, err := r.compiled(in.Document)
		if err != nil {
			return nil, err
		}
		list = append(list, Holding{Policy: policy.Policy{Document: c.Document, Name: in.Name}, Holder: Ref{kind, e.Name}, Inline: true})
	}
	return list, nil
}

// Boundary returns the managed policy of that ARN as a permissions boundary. One that is missing is a policy without a document,
// which permits nothing.
func (r Reader) Boundary(arn string) (policy.Policy, error) {
	p, _, err := loader{Reader: r}.managedPolicy(arn)
	var missing *NotFoundError
	if errors.As(err, &missing) {
		return policy.Policy{ARN: arn}, nil
	}
	return p, err
}
