package lambda

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

type addPermissionInput struct {
	qualifiedInput
	Action, EventSourceToken, FunctionUrlAuthType, Principal, PrincipalOrgID, RevisionId, SourceAccount, SourceArn, StatementId *string
	InvokedViaFunctionUrl                                                                                                       *bool
}

type addPermissionOutput struct{ Statement string }

type removePermissionInput struct {
	qualifiedInput
	StatementId *string `from:"path"`
	RevisionId  *string `from:"query RevisionId"`
}

type getPolicyOutput struct{ Policy, RevisionId string }

// A document is a function policy as it is built. The order of members is that of Lambda.
type document struct {
	Version   string
	ID        string `json:"Id"`
	Statement []statement
}

type statement struct {
	Sid       string
	Effect    string
	Principal any
	Action    string
	Resource  string
	Condition map[string]map[string]string `json:",omitempty"`
}

var (
	statementPattern = service.NewPattern(`^[a-zA-Z0-9-_]+$`)
	actionPattern    = service.NewPattern(`^(lambda:[*]|lambda:[a-zA-Z]+|[*])$`)
	sourcePattern    = service.NewPattern(`^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)$`)
	ownerPattern     = service.NewPattern(`^\d{12}$`)
	orgPattern       = service.NewPattern(`^o-[a-z0-9]{10,32}$`)
)

// maxPolicy is how long a function policy may be (Developer Guide, "Lambda quotas").
const maxPolicy = 20 << 10

func (in *addPermissionInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	c.qualifier(in.Qualifier)
	c.Required("statementId", in.StatementId)
	c.Length("statementId", in.StatementId, 1, 100)
	c.Pattern("statementId", in.StatementId, statementPattern, `([a-zA-Z0-9-_]+)`)
	c.Required("action", in.Action)
	c.Pattern("action", in.Action, actionPattern, `(lambda:[*]|lambda:[a-zA-Z]+|[*])`)
	c.Required("principal", in.Principal)
	c.Pattern("principal", in.Principal, handlerPattern, `[^\s]+`)
	c.Pattern("sourceArn", in.SourceArn, sourcePattern, `arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)`)
	c.Length("sourceAccount", in.SourceAccount, 0, 12)
	c.Pattern("sourceAccount", in.SourceAccount, ownerPattern, `\d{12}`)
	c.Pattern("principalOrgID", in.PrincipalOrgID, orgPattern, `o-[a-z0-9]{10,32}`)
	c.Enum("functionUrlAuthType", in.FunctionUrlAuthType, "NONE", "AWS_IAM")
	return c.err()
}

// principal is who a statement is for, as a policy says it.
func (in *addPermissionInput) principal(partition string) (any, error) {
	switch p := *in.Principal; {
	case p == "*":
		return "*", nil
	case ownerPattern.MatchString(p):
		return map[string]string{"AWS": "arn:" + partition + ":iam::" + p + ":root"}, nil
	case strings.HasPrefix(p, "arn:"):
		a, err := arn.Parse(p)
		if err != nil || a.Service != "iam" && a.Service != "sts" || a.Partition != partition {
			return nil, errPrincipal()
		}
		return map[string]string{"AWS": p}, nil
	case strings.HasSuffix(p, ".amazonaws.com") || strings.HasSuffix(p, ".amazon.com"):
		return map[string]string{"Service": p}, nil
	}
	return nil, errPrincipal()
}

func errPrincipal() error {
	return invalid("The provided principal was invalid. Please check the principal and try again.")
}

// statement is what is added to the policy.
func (in *addPermissionInput) statement(p place) (statement, error) {
	who, err := in.principal(p.partition)
	s := statement{Sid: *in.StatementId, Effect: "Allow", Principal: who, Action: *in.Action, Resource: p.arn()}
	condition := func(operator, key string, value *string) {
		if value == nil || *value == "" {
			return
		}
		if s.Condition == nil {
			s.Condition = map[string]map[string]string{}
		}
		if s.Condition[operator] == nil {
			s.Condition[operator] = map[string]string{}
		}
		s.Condition[operator][key] = *value
	}
	condition("StringEquals", "lambda:FunctionUrlAuthType", in.FunctionUrlAuthType)
	condition("StringEquals", "aws:PrincipalOrgID", in.PrincipalOrgID)
	condition("StringEquals", "AWS:SourceAccount", in.SourceAccount)
	condition("StringEquals", "lambda:EventSourceToken", in.EventSourceToken)
	condition("ArnLike", "AWS:SourceArn", in.SourceArn)
	if in.InvokedViaFunctionUrl != nil {
		value := "false"
		if *in.InvokedViaFunctionUrl {
			value = "true"
		}
		condition("Bool", "lambda:InvokedViaFunctionUrl", &value)
	}
	return s, err
}

// A held policy is that of a place, with the revision that a change of it makes new.
type held struct {
	p place
	f function
	v revision
	a alias
}

// holding finds whose policy a call means, for a change by its owner.
func holding(c *service.Call, r identity.Reader, in *qualifiedInput, revisionID *string) (h held, err error) {
	if h.p, err = named(c, *in.FunctionName, in.Qualifier); err != nil {
		return h, err
	}
	if h.p.account != c.Account() {
		return h, elsewhere()
	}
	return h, h.find(r, revisionID)
}

func (h *held) find(r identity.Reader, revisionID *string) error {
	f, exists, err := readFunction(r, h.p)
	if err != nil || !exists {
		return orElse(err, functionNotFound(h.p.at("")))
	}
	h.f = f
	now := h.f.Latest.RevisionID
	switch q := h.p.qualifier; {
	case q == "" || q == latest:
	case isVersion(q):
		if h.v, exists, err = readVersion(r, h.p, q); err != nil || !exists {
			return orElse(err, functionNotFound(h.p))
		}
		now = h.v.RevisionID
	case !aliasPattern.MatchString(q):
		return functionNotFound(h.p)
	default:
		if h.a, exists, err = readAlias(r, h.p, q); err != nil || !exists {
			return orElse(err, aliasNotFound(h.p))
		}
		now = h.a.RevisionID
	}
	if revisionID != nil && *revisionID != now {
		return stale()
	}
	return nil
}

// put writes the policy, and a new revision id of what has it.
func (h *held) put(tx identity.Tx, made *functionPolicy, revisionID string) error {
	if h.f.Policies == nil {
		h.f.Policies = map[string]*functionPolicy{}
	}
	h.f.Policies[h.p.qualifier] = made
	if made == nil {
		delete(h.f.Policies, h.p.qualifier)
	}
	switch {
	case h.v.Version != "":
		h.v.RevisionID = revisionID
		if err := write(tx, versionKey(h.p.region, h.p.name, numberOf(h.v.Version)), &h.v); err != nil {
			return err
		}
	case h.a.Name != "":
		h.a.RevisionID = revisionID
		if err := write(tx, aliasPrefix(h.p.region, h.p.name)+h.a.Name, &h.a); err != nil {
			return err
		}
	default:
		h.f.Latest.RevisionID = revisionID
	}
	return writeFunction(tx, h.p, &h.f)
}

// document is the policy as it is stored, with principals by their unique ids; nil for none.
func (h *held) document() (*document, []identity.BoundPrincipal, error) {
	made := h.f.Policies[h.p.qualifier]
	if made == nil {
		return nil, nil, nil
	}
	var d document
	return &d, made.Bound, json.Unmarshal([]byte(made.Text), &d)
}

var addPermission = service.Writing[addPermissionInput, string]{
	Check: (*addPermissionInput).check,
	Draw:  func(*service.Call, *addPermissionInput) (string, error) { return newID(), nil },
	Act: func(c *service.Call, in *addPermissionInput, id string, tx identity.Tx) (service.Answer, error) {
		if p, err := named(c, *in.FunctionName, in.Qualifier); err == nil && p.qualifier == latest {
			return service.Answer{}, invalid("We currently do not support adding policies for $LATEST.")
		}
		h, err := holding(c, tx.Reader, &in.qualifiedInput, in.RevisionId)
		if err != nil {
			return service.Answer{}, err
		}
		d, bound, err := h.document()
		if err != nil {
			return service.Answer{}, err
		}
		if d == nil {
			d = &document{Version: "2012-10-17", ID: "default"}
		}
		for _, s := range d.Statement {
			if s.Sid == *in.StatementId {
				return service.Answer{}, conflict("The statement id (" + s.Sid + ") provided already exists. Please provide a new statement id, or remove the existing statement.")
			}
		}
		s, err := in.statement(h.p)
		if err != nil {
			return service.Answer{}, err
		}
		stored, more, err := bind(tx, s)
		if err != nil {
			return service.Answer{}, err
		}
		d.Statement = append(d.Statement, stored)
		made, err := policyOf(d, append(bound, more...))
		if err != nil {
			return service.Answer{}, err
		}
		shown, err := json.Marshal(s)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Answer{Status: 201, Body: &addPermissionOutput{string(shown)}}, h.put(tx, made, id)
	},
}

// bind is a statement with its principals by their unique ids.
func bind(tx identity.Tx, s statement) (stored statement, bound []identity.BoundPrincipal, err error) {
	text, err := json.Marshal(document{Statement: []statement{s}})
	if err != nil {
		return stored, nil, err
	}
	out, bound, err := tx.BindPrincipals(string(text))
	var unknown *identity.InvalidPrincipalError
	if errors.As(err, &unknown) {
		return stored, nil, errPrincipal()
	}
	if err != nil {
		return stored, nil, err
	}
	var d document
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		return stored, nil, err
	}
	return d.Statement[0], bound, nil
}

// policyOf makes a policy of a document.
func policyOf(d *document, bound []identity.BoundPrincipal) (*functionPolicy, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	if len(text) > maxPolicy {
		return nil, service.BadRequest("PolicyLengthExceededException", "The final policy size is bigger than the limit (20480).")
	}
	parsed, err := policy.Parse(string(text))
	if err == nil {
		err = parsed.Validate(policy.GrammarResource)
	}
	if err != nil {
		return nil, errPrincipal()
	}
	return &functionPolicy{string(text), bound}, nil
}

// statement finds the statement that is to be removed, with its principals by their names; none of a function, or in a policy, that is not there.
func (in *removePermissionInput) statement(c *service.Call, r identity.Reader) (found statement, exists bool, err error) {
	p, ok := placeOf(c, *in.FunctionName)
	if !ok {
		return found, false, nil
	}
	if p.qualifier == "" {
		p.qualifier = text(in.Qualifier)
	}
	f, exists, err := readFunction(r, p)
	made := f.Policies[p.qualifier]
	if err != nil || !exists || made == nil {
		return found, false, err
	}
	printed, err := r.In(p.account).PrintPrincipals(made.Text, made.Bound)
	if err != nil {
		return found, false, err
	}
	var d document
	if err := json.Unmarshal([]byte(printed), &d); err != nil {
		return found, false, err
	}
	at := slices.IndexFunc(d.Statement, func(s statement) bool { return s.Sid == text(in.StatementId) })
	if at < 0 {
		return found, false, nil
	}
	return d.Statement[at], true, nil
}

// grantee is the principal of a statement as AddPermission names it: an account by its number.
func (s *statement) grantee() string {
	switch p := s.Principal.(type) {
	case string:
		return p
	case map[string]any:
		for _, of := range []string{"Service", "AWS"} {
			if name, ok := p[of].(string); ok {
				if a, err := arn.Parse(name); err == nil && a.Service == "iam" && a.Resource == "root" {
					return a.Account
				}
				return name
			}
		}
	}
	return ""
}

var removePermission = service.Writing[removePermissionInput, string]{
	Check: func(in *removePermissionInput) error {
		var c constraints
		c.name(in.FunctionName)
		c.qualifier(in.Qualifier)
		c.Length("statementId", in.StatementId, 1, 100)
		c.Pattern("statementId", in.StatementId, service.NewPattern(`^[a-zA-Z0-9-_.]+$`), `([a-zA-Z0-9-_.]+)`)
		return c.err()
	},
	Draw: func(*service.Call, *removePermissionInput) (string, error) { return newID(), nil },
	Act: func(c *service.Call, in *removePermissionInput, id string, tx identity.Tx) (service.Answer, error) {
		h, err := holding(c, tx.Reader, &in.qualifiedInput, in.RevisionId)
		if err != nil {
			if h.f.Name == "" && h.p.name != "" && isNotFound(err) {
				err = notFound("No policy found for: " + h.p.arn())
			}
			return service.Answer{}, err
		}
		d, bound, err := h.document()
		if err != nil {
			return service.Answer{}, err
		}
		if d == nil {
			return service.Answer{}, notFound("No policy is associated with the given resource.")
		}
		kept := d.Statement[:0]
		for _, s := range d.Statement {
			if s.Sid != *in.StatementId {
				kept = append(kept, s)
			}
		}
		if len(kept) == len(d.Statement) {
			return service.Answer{}, notFound("Statement " + *in.StatementId + " is not found in resource policy.")
		}
		var made *functionPolicy
		if d.Statement = kept; len(kept) > 0 {
			if made, err = policyOf(d, bound); err != nil {
				return service.Answer{}, err
			}
		}
		return service.Answer{Status: 204}, h.put(tx, made, id)
	},
}

func isNotFound(err error) bool {
	var e *service.Error
	return errors.As(err, &e) && e.Code == "ResourceNotFoundException"
}

var getPolicy = service.Reading[qualifiedInput]{
	Check: (*qualifiedInput).check,
	Act: func(c *service.Call, in *qualifiedInput, r identity.Reader) (service.Answer, error) {
		p, err := named(c, *in.FunctionName, in.Qualifier)
		if err != nil {
			return service.Answer{}, err
		}
		h := held{p: p}
		if err := h.find(r, nil); err != nil {
			if h.f.Name != "" && isNotFound(err) {
				err = noResource()
			}
			return service.Answer{}, err
		}
		made := h.f.Policies[p.qualifier]
		if made == nil {
			return service.Answer{}, noResource()
		}
		printed, err := r.In(p.account).PrintPrincipals(made.Text, made.Bound)
		if err != nil {
			return service.Answer{}, err
		}
		revisionID := h.f.Latest.RevisionID
		if h.v.Version != "" {
			revisionID = h.v.RevisionID
		} else if h.a.Name != "" {
			revisionID = h.a.RevisionID
		}
		return service.Body(&getPolicyOutput{printed, revisionID}), nil
	},
}
