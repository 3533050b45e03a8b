package service

import (
	"errors"
	"strings"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// A Stored is what a question learns of the entity that it is about. The zero Stored is one that does not exist: its keys are
// absent, and existence is told only after authorisation.
type Stored struct {
	ARN        string // with the case and path of creation; empty: the template's
	Account    string // that owns it; empty: the account in the ARN
	Name, Path string
	Tags       []identity.Tag
	Boundary   string
	Policy     *policy.Layer // its resource-based policy

	// Attributes are further values that rows name after Target: "Owner".
	Attributes map[string]string
}

// find returns the entity that a question is about, and the value that names it.
func (o *Operation) find(c *Call, r identity.Reader, q *question, n *names) (Stored, error) {
	t := q.Target
	if t.Kind == "" {
		return Stored{}, nil
	}
	value, given := n.text(t.Member)
	if t.OrCaller && (t.Member == "" || !given || value == "") {
		return findCaller(c, r, n, t)
	}
	if !given || value == "" {
		return Stored{}, nil
	}
	if q.Action == passRole && t.Kind == operation.Role && t.Via == "" {
		stored, err := findPassed(c, r, value, q.Policy)
		return stored, absent(err)
	}
	if stored, known, err := findIAM(r, q, value); known || err != nil {
		return stored, absent(err)
	}
	if o.service.Find == nil {
		return Stored{}, nil
	}
	stored, err := o.service.Find(c, r, t, value)
	return stored, absent(err)
}

// absent makes no error of an entity that does not exist.
func absent(err error) error {
	if err == nil {
		return nil
	}
	var notFound *identity.NotFoundError
	if errors.As(err, &notFound) {
		return nil
	}
	return err
}

// findCaller is the target of a call that names nobody: the calling user, or root (API reference, GetUser, "If you do not
// specify a user name, IAM determines the user name implicitly based on the AWS access key ID signing the request").
func findCaller(c *Call, r identity.Reader, n *names, t operation.Target) (Stored, error) {
	name, isUser := c.Caller.UserName()
	switch {
	case isUser:
		n.set(t.Member, name)
		user, err := r.User(name)
		if err != nil {
			return Stored{}, absent(err)
		}
		if string(user.ID) != c.Caller.Principal.ID {
			return Stored{}, ConcurrentModification()
		}
		return storedUser(user), nil
	case c.Caller.Principal.Type == policy.RootUser:
		n.set(t.Member, c.Account())
		return Stored{ARN: c.Caller.Principal.ARN, Account: c.Account()}, nil
	}
	return Stored{}, MustNameUser()
}

// ConcurrentModification is the answer of IAM to a call that met a change of what it is about: of its login profile, of the alias, or of the
// caller himself, whose name is another's by now.
func ConcurrentModification() *Error {
	return Conflict("ConcurrentModification", "The request was rejected because multiple requests to change this object "+
		"were submitted simultaneously. Wait a few minutes and submit your request again.")
}

// MustNameUser is the answer to callers without a user name who name no user either.
func MustNameUser() *Error {
	return BadRequest("ValidationError", "Must specify userName when calling with non-User credentials")
}

// findIAM finds users, groups, roles and policies. known is false for kinds of other services.
func findIAM(r identity.Reader, q *question, value string) (s Stored, known bool, err error) {
	t := q.Target
	kind := t.Kind
	if t.Via != "" {
		return Stored{}, false, nil
	}
	if kind == operation.AnyKind {
		kind = kindOf(value)
	}
	switch kind {
	case operation.User:
		s, err = findUser(r, t, value)
	case operation.Role, operation.ServiceLinkedRole:
		s, err = findRole(r, t, value, q.Policy)
	case operation.Group:
		var g identity.Group
		if g, err = r.Group(value); err == nil {
			s = Stored{ARN: g.ARN, Name: g.Name, Path: g.Path}
		}
	case operation.Policy:
		var p identity.ManagedPolicy
		if p, err = r.Policy(value); err == nil {
			s = Stored{ARN: p.ARN, Name: p.Name, Path: p.Path, Tags: p.Tags}
		}
	default:
		return Stored{}, false, nil
	}
	return s, true, err
}

func findUser(r identity.Reader, t operation.Target, value string) (Stored, error) {
	var user identity.User
	var err error
	switch {
	case t.Named == operation.ByAccessKey:
		var key identity.AccessKey
		if key, err = r.AccessKey(identity.AccessKeyID(value)); err != nil || key.User == "" {
			return Stored{}, err
		}
		user, err = r.User(key.User)
	case byARN(t, value):
		user, err = r.UserByARN(value)
	default:
		user, err = r.User(value)
	}
	if err != nil {
		return Stored{}, err
	}
	return storedUser(user), nil
}

func findRole(r identity.Reader, t operation.Target, value string, bears operation.ResourcePolicy) (Stored, error) {
	var role identity.Role
	var err error
	if byARN(t, value) {
		role, err = r.RoleByARN(value)
	} else {
		role, err = r.Role(value)
	}
	if err != nil {
		return Stored{}, err
	}
	return storedRole(r, role, bears)
}

// storedRole has the role's trust policy only if one bears on the question.
func storedRole(r identity.Reader, role identity.Role, bears operation.ResourcePolicy) (Stored, error) {
	if bears == operation.NoResourcePolicy {
		return storedEntity(role.Entity), nil
	}
	trust, err := r.TrustLayer(role)
	if err != nil {
		return Stored{}, err
	}
	s := storedEntity(role.Entity)
	s.Policy = trust
	return s, nil
}

// passRole is the action of giving a role to a service.
const passRole = "iam:PassRole"

// findPassed finds the role that is passed by its name alone, whatever case and path the request writes: a name is one role, and it
// is that role's own ARN that must be allowed. What no role can be named by finds none, and is judged as it stands.
func findPassed(c *Call, r identity.Reader, value string, bears operation.ResourcePolicy) (Stored, error) {
	name := value
	if strings.Contains(value, ":") {
		a, ok := roleARN(c.Identities.Partition(), value)
		if !ok {
			return Stored{}, nil
		}
		r, name = r.In(a.Account), a.Resource
	}
	role, err := r.Role(name[strings.LastIndexByte(name, '/')+1:])
	if err != nil {
		return Stored{}, err
	}
	return storedRole(r, role, bears)
}

// roleARN reads the ARN of a role, and reports whether it can be one of a role of the partition.
func roleARN(partition, text string) (arn.ARN, bool) {
	a, err := arn.Parse(text)
	ok := err == nil && a.Partition == partition && a.Service == "iam" && a.Region == "" && arn.IsAccountID(a.Account) &&
		a.Kind() == string(operation.Role)
	return a, ok
}

func byARN(t operation.Target, value string) bool {
	return t.Named == operation.ByARN || t.Named == operation.ByNameOrARN && strings.HasPrefix(value, "arn:")
}

func storedUser(u identity.User) Stored { return storedEntity(u.Entity) }

func storedEntity(e identity.Entity) Stored {
	return Stored{ARN: e.ARN, Name: e.Name, Path: e.Path, Tags: e.Tags, Boundary: e.Boundary}
}

// kindOf reads the kind of an IAM entity off its ARN.
func kindOf(text string) operation.Kind {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "iam" {
		return ""
	}
	kind, _, _ := strings.Cut(a.Resource, "/")
	switch k := operation.Kind(kind); k {
	case operation.User, operation.Group, operation.Role, operation.Policy:
		return k
	}
	return ""
}

// owner is the account that owns what is judged: that of the stored entity, else the one in the ARN. Empty is the caller's; AWS
// managed policies, whose ARNs say "aws", are everybody's.
func (s Stored) owner(judged string) string {
	if s.Account != "" {
		return s.Account
	}
	a, err := arn.Parse(judged)
	if err != nil || !arn.IsAccountID(a.Account) {
		return ""
	}
	return a.Account
}
