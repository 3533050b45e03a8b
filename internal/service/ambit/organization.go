package ambit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// ApplyOrganizationInput holds an Organization as JSON. It replaces what was applied before: accounts that are not in it are in no
// organization any more.
type ApplyOrganizationInput struct{ Document *string }

// ApplyOrganizationOutput says which accounts have a place now.
type ApplyOrganizationOutput struct{ Accounts []string }

// An Organization is the accounts of an organization in their units, with the policies of each level.
type Organization struct {
	ID                string          `json:"id"` // o-…
	ManagementAccount string          `json:"managementAccount"`
	Policies          []ControlPolicy `json:"policies"`
	Root              Unit            `json:"root"` // r-…
}

// A ControlPolicy is a service or resource control policy that levels can name.
type ControlPolicy struct {
	ID       string          `json:"id"` // p-…
	Name     string          `json:"name"`
	Type     string          `json:"type"` // SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY
	Document json.RawMessage `json:"document"`
}

// A Unit is the root or an organizational unit. A level that names no service control policy has p-FullAWSAccess; one that names some
// has those and nothing else.
type Unit struct {
	ID       string    `json:"id"`
	Policies []string  `json:"policies"`
	Accounts []Account `json:"accounts"`
	Units    []Unit    `json:"units"`
}

// An Account is a member of a unit.
type Account struct {
	ID       string   `json:"id"`
	Policies []string `json:"policies"`
}

// Types of control policies, as the Organizations API calls them.
const (
	typeSCP = "SERVICE_CONTROL_POLICY"
	typeRCP = "RESOURCE_CONTROL_POLICY"
)

// fullAccess is the policy that AWS attaches to every level at first.
const fullAccess = "p-FullAWSAccess"

// Limits of the Organizations User Guide, "Quotas for AWS Organizations".
const (
	maxDepth    = 5 // of units below the root
	maxAttached = 5 // policies of one type at one level
)

var (
	organizationID = service.NewPattern(`^o-[a-z0-9]{10,32}$`)
	rootID         = service.NewPattern(`^r-[0-9a-z]{4,32}$`)
	unitID         = service.NewPattern(`^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`)
	policyID       = service.NewPattern(`^p-[0-9a-zA-Z_]{2,128}$`)
)

func checkOrganization(in *ApplyOrganizationInput) error {
	var c service.Constraints
	c.Required("document", in.Document)
	c.Length("document", in.Document, 1, 1<<20)
	return c.Err()
}

// applyOrganization places the accounts after its own transaction: the organization is another space.
func (s server) applyOrganization(c *service.Call, in *ApplyOrganizationInput, r identity.Reader) (service.Answer, error) {
	if err := s.governs(c); err != nil {
		return service.Answer{}, err
	}
	placements, err := placementsOf(*in.Document, c.Identities.Partition())
	if err != nil {
		return service.Answer{}, err
	}
	accounts := slices.Sorted(maps.Keys(placements))
	for _, account := range accounts {
		var missing *identity.NotFoundError
		if _, err := r.In(account).AccountRecord(); errors.As(err, &missing) {
			return service.Answer{}, invalid("account %s does not exist", account)
		} else if err != nil {
			return service.Answer{}, err
		}
	}
	return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
		err := c.Identities.PlaceAll(ctx, placements)
		return service.Body(&ApplyOrganizationOutput{Accounts: accounts}), err
	}}, nil
}

func invalid(format string, args ...any) error {
	return service.BadRequest("InvalidInputException", fmt.Sprintf(format, args...))
}

// placementsOf reads the places of all accounts from the text of an Organization. An empty object places none.
func placementsOf(text, partition string) (map[string]*identity.Placement, error) {
	o, empty, err := organizationOf(text)
	if err != nil {
		return nil, err
	}
	w := walker{o: o, policies: map[string]placed{}, out: map[string]*identity.Placement{}}
	if empty {
		return w.out, nil
	}
	switch {
	case !organizationID.MatchString(o.ID):
		return nil, invalid("id %q is not one of an organization: o- and 10 to 32 characters", o.ID)
	case !arn.IsAccountID(o.ManagementAccount):
		return nil, invalid("managementAccount %q is not twelve digits", o.ManagementAccount)
	case !rootID.MatchString(o.Root.ID):
		return nil, invalid("id %q is not one of a root: r- and 4 to 32 characters", o.Root.ID)
	}
	if err := w.addPolicies(partition); err != nil {
		return nil, err
	}
	if err := w.walk(&o.Root, o.ID+"/", nil, 0); err != nil {
		return nil, err
	}
	if w.out[o.ManagementAccount] == nil {
		return nil, invalid("the management account %s has no place in the organization", o.ManagementAccount)
	}
	return w.out, nil
}

// A placed is a policy that is ready to be attached.
type placed struct {
	kind   string
	policy identity.ControlPolicy
}

// A walker goes through the tree and collects places.
type walker struct {
	o        *Organization
	policies map[string]placed
	out      map[string]*identity.Placement
}

func (w *walker) addPolicies(partition string) error {
	full, err := policy.Parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	if err != nil {
		return err
	}
	w.policies[fullAccess] = placed{typeSCP, identity.ControlPolicy{
		Name: "FullAWSAccess", ARN: "arn:" + partition + ":organizations::aws:policy/service_control_policy/" + fullAccess, Document: full}}
	for _, p := range w.o.Policies {
		grammar, kind := policy.GrammarSCP, "service_control_policy"
		switch {
		case p.ID == fullAccess:
			return invalid("policy id %q is that of AWS's FullAWSAccess, which is there without being listed: choose another one", p.ID)
		case !policyID.MatchString(p.ID):
			return invalid("policy id %q is not p- and 2 to 128 letters, digits and _", p.ID)
		case w.policies[p.ID].kind != "":
			return invalid("policy id %q is that of two policies: ids are unique", p.ID)
		case p.Type == typeRCP:
			grammar, kind = policy.GrammarRCP, "resource_control_policy"
		case p.Type != typeSCP:
			return invalid("policy %s: type %q is neither %s nor %s", p.ID, p.Type, typeSCP, typeRCP)
		}
		document, err := policy.Check(string(p.Document), grammar)
		if err != nil {
			return invalid("policy %s: %v", p.ID, err)
		}
		name := p.Name
		if name == "" {
			name = p.ID
		}
		w.policies[p.ID] = placed{p.Type, identity.ControlPolicy{Name: name, Document: document,
			ARN: "arn:" + partition + ":organizations::" + w.o.ManagementAccount + ":policy/" + w.o.ID + "/" + kind + "/" + p.ID}}
	}
	return nil
}

// walk places the accounts of a unit and of those below it. above are the levels from the root down to its parent.
func (w *walker) walk(u *Unit, path string, above []identity.Level, depth int) error {
	if depth > maxDepth {
		return invalid("unit %s is more than %d levels below the root", u.ID, maxDepth)
	}
	if depth > 0 && !unitID.MatchString(u.ID) {
		return invalid("id %q is not one of a unit: ou-, 4 to 32 characters, - and 8 to 32 characters", u.ID)
	}
	level, err := w.level(u.ID, u.Policies)
	if err != nil {
		return err
	}
	path += u.ID + "/"
	levels := append(slices.Clone(above), level)
	for _, a := range u.Accounts {
		if !arn.IsAccountID(a.ID) || w.out[a.ID] != nil {
			return invalid("account %q is not twelve digits, or has two places", a.ID)
		}
		own, err := w.level(a.ID, a.Policies)
		if err != nil {
			return err
		}
		w.out[a.ID] = &identity.Placement{
			Organization: w.o.ID, Path: path, Management: w.o.ManagementAccount, Levels: append(slices.Clone(levels), own),
		}
	}
	for i := range u.Units {
		if err := w.walk(&u.Units[i], path, levels, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// level is the policies of one level.
func (w *walker) level(of string, ids []string) (identity.Level, error) {
	var l identity.Level
	for _, id := range ids {
		p, ok := w.policies[id]
		switch {
		case !ok:
			return l, invalid("%s: there is no policy %s", of, id)
		case p.kind == typeRCP:
			l.RCPs = append(l.RCPs, p.policy)
		default:
			l.SCPs = append(l.SCPs, p.policy)
		}
	}
	if len(l.SCPs) == 0 {
		l.SCPs = append(l.SCPs, w.policies[fullAccess].policy)
	}
	if len(l.SCPs) > maxAttached || len(l.RCPs) > maxAttached-1 { // RCPFullAWSAccess is the fifth
		return l, invalid("%s has more than %d policies of one type", of, maxAttached)
	}
	return l, nil
}
