package identity

import (
	"time"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/policy"
)

// defaultMaxSession is MaxSessionDuration when it is not given (IAM API Reference, CreateRole).
const defaultMaxSession = time.Hour

// CreateRole makes a role; Name, Path, ID, Created, Tags, Boundary, Description, MaxSession and ServiceLinked of role count.
// Errors: *ExistsError, *LimitError, *NotFoundError for the boundary, *InvalidPrincipalError for the trust policy.
func (t Tx) CreateRole(role Role, trust *policy.Document) (Role, error) {
	if role.MaxSession == 0 {
		role.MaxSession = defaultMaxSession
	}
	role.Trust, role.Trusted, role.Profiles = "", nil, nil
	if err := t.claim(KindRole, &role.Entity); err != nil {
		return Role{}, err
	}
	if err := t.trust(&role, trust); err != nil {
		return Role{}, err
	}
	put(t.tx, RoleRef(role.Name).key(), role)
	return role, nil
}

// SetTrust replaces the trust policy of a role.
func (t Tx) SetTrust(name string, trust *policy.Document) error {
	return editRecord(t, RoleRef(name), func(role *Role) error {
		if role.ServiceLinked {
			return &ConflictError{KindRole, role.Name, ServiceLinked}
		}
		return t.trust(role, trust)
	})
}

func (t Tx) trust(role *Role, trust *policy.Document) error {
	if limit := t.registry.quotas.TrustSize; sizeOf(trust) > limit {
		return &LimitError{ACLSizePerRole, limit, KindRole, role.Name}
	}
	text, bound, err := t.BindPrincipals(trust.Text())
	if err != nil {
		return err
	}
	old := role.Trust
	if role.Trust, err = t.hold(text); err != nil {
		return err
	}
	role.Trusted = bound
	if old == "" {
		return nil
	}
	return t.release(old)
}

// TrustText returns the role's trust policy with the ARNs of the principals that live and the unique ids of the others.
func (r Reader) TrustText(role Role) (string, error) {
	c, err := r.compiled(role.Trust)
	if err != nil {
		return "", err
	}
	return r.PrintPrincipals(c.Document.Text(), role.Trusted)
}

// TrustLayer returns the role's trust policy, compiled. It is found in the account of the role, which need not be the reader's.
func (r Reader) TrustLayer(role Role) (*policy.Layer, error) {
	name, err := arn.Parse(role.ARN)
	if err != nil {
		return nil, err
	}
	c, err := r.In(name.Account).compiled(role.Trust)
	if err != nil {
		return nil, err
	}
	return policy.NewLayer(policy.Policy{Document: c.Document}), nil
}

// DeleteRole removes a role that has no policies any more (*ConflictError); a boundary does not keep it. A service-linked role
// is not removed.
func (t Tx) DeleteRole(name string) error {
	role, err := t.Role(name)
	switch {
	case err != nil:
		return err
	case role.ServiceLinked:
		return &ConflictError{KindRole, role.Name, ServiceLinked}
	case len(role.Profiles) > 0:
		return &ConflictError{KindRole, role.Name, InProfile}
	}
	if err := t.vacate(KindRole, &role.Entity); err != nil {
		return err
	}
	return t.release(role.Trust)
}
