package vector

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/policy"
)

// Principal is the caller of a vector.
type Principal struct {
	Type              string
	ARN               string
	Account           string
	UserID            string
	UserARN           string
	RoleARN           string
	RoleID            string
	Service           string
	ManagementAccount bool
	ServiceLinked     bool
}

func (p *Principal) read(text []byte) error {
	return readObject(text,
		field{"type", textInto(&p.Type), false},
		field{"arn", textInto(&p.ARN), false},
		field{"account", textInto(&p.Account), false},
		field{"user_id", textInto(&p.UserID), false},
		field{"user_arn", textInto(&p.UserARN), false},
		field{"role_arn", textInto(&p.RoleARN), false},
		field{"role_id", textInto(&p.RoleID), false},
		field{"service", textInto(&p.Service), false},
		field{"management_account", booleanInto(&p.ManagementAccount), false},
		field{"service_linked", booleanInto(&p.ServiceLinked), false},
		field{"name", nil, true},
		field{"session_name", nil, true},
		field{"tags", nil, true},
	)
}

// A principalType is a type of caller with the members that it must have.
type principalType struct {
	name  string
	kind  policy.PrincipalType
	needs []string
}

var principalTypes = [...]principalType{
	{"user", policy.User, []string{"arn", "account"}},
	{"role-session", policy.RoleSession, []string{"arn", "account", "role_arn"}},
	{"federated", policy.FederatedUser, []string{"arn", "account", "user_arn"}},
	{"root", policy.RootUser, []string{"arn", "account"}},
	{"service", policy.AWSService, []string{"service"}},
	{"anonymous", policy.Anonymous, nil},
}

// compile makes a caller of it. One that lacks a name that its type must have
// is refused, and so is one whose names speak of different accounts: it could
// slip past a policy that means it.
func (p *Principal) compile() (*policy.Principal, error) {
	t, err := findType(p.Type)
	if err != nil {
		return nil, within("type", err)
	}
	for _, name := range t.needs {
		value := p.member(name)
		if value == "" {
			return nil, within(name, fmt.Errorf("missing; a principal of type %s needs %s", t.name, strings.Join(t.needs, ", ")))
		}
		if strings.HasSuffix(name, "arn") {
			if err := p.agrees(value); err != nil {
				return nil, within(name, err)
			}
		}
	}
	out := &policy.Principal{Type: t.kind, ManagementAccount: p.ManagementAccount, ServiceLinked: p.ServiceLinked}
	switch t.kind {
	case policy.AWSService:
		out.Service = p.Service
	case policy.Anonymous:
	default:
		out.ARN, out.Account, out.ID, out.RoleARN, out.UserARN = p.ARN, p.Account, p.UserID, p.RoleARN, p.UserARN
	}
	if t.kind == policy.RoleSession {
		out.ID = p.RoleID
	}
	return out, nil
}

func findType(name string) (principalType, error) {
	i := slices.IndexFunc(principalTypes[:], func(t principalType) bool { return t.name == name })
	if i >= 0 {
		return principalTypes[i], nil
	}
	known := make([]string, len(principalTypes))
	for i, t := range principalTypes {
		known[i] = t.name
	}
	if name == "" {
		return principalType{}, fmt.Errorf("missing; give one of %s", strings.Join(known, ", "))
	}
	return principalType{}, fmt.Errorf("unknown type %q; give one of %s", cut(name), strings.Join(known, ", "))
}

func (p *Principal) member(name string) string {
	switch name {
	case "arn":
		return p.ARN
	case "account":
		return p.Account
	case "role_arn":
		return p.RoleARN
	case "user_arn":
		return p.UserARN
	}
	return p.Service
}

// agrees reports what is wrong with a name of the caller, which must be an ARN
// in the caller's account.
func (p *Principal) agrees(name string) error {
	a, err := arn.Parse(name)
	switch {
	case err != nil:
		return fmt.Errorf("%q %w; write the whole ARN", cut(name), err)
	case p.Account != "" && a.Account != p.Account:
		return fmt.Errorf("%q is in account %q and the principal's account is %q; make them agree", cut(name), cut(a.Account), cut(p.Account))
	}
	return nil
}
