package policy

import (
	"strings"

	"github.com/ambit-iam/ambit/arn"
)

// PrincipalType says what kind of caller makes a request. The zero value is
// nobody, whom no policy permits anything.
type PrincipalType uint8

// The kinds of callers of the IAM User Guide, "AWS JSON policy elements:
// Principal".
const (
	Nobody           PrincipalType = iota
	User                           // an IAM user, with long-term keys or a GetSessionToken session
	RoleSession                    // an assumed role
	FederatedUser                  // a GetFederationToken session
	RootUser                       // the root user of an account
	AWSService                     // an AWS service that calls directly
	ExternalIdentity               // a web identity or SAML subject that has no AWS credentials yet
	Anonymous                      // an unsigned request
)

func (t PrincipalType) String() string {
	names := [...]string{"nobody", "user", "role-session", "federated", "root", "service", "external", "anonymous"}
	if int(t) >= len(names) {
		return names[Nobody]
	}
	return names[t]
}

// A Principal is the caller of a request, in all the names by which a
// resource-based policy may call it. Which fields matter depends on Type; the
// others stay empty.
type Principal struct {
	Type PrincipalType
	// ManagementAccount says that Account manages its organization: service
	// control policies do not apply to the caller.
	ManagementAccount bool
	// ServiceLinked says that the session's role is service-linked: neither
	// service nor resource control policies apply to it.
	ServiceLinked bool

	Account string // twelve digits; empty for services, external identities and anonymous callers
	// ARN is the name that denials print: the ARN of the user, of the
	// assumed-role session, of the federated-user session, or of root.
	ARN     string
	RoleARN string // RoleSession: ARN of the role, with its path
	ID      string // unique id of the user or of the session's role: AIDA…, AROA…
	// CanonicalUser is the canonical user id of Account, where it is known: 64
	// hexadecimal digits by which policies of S3 may name the account.
	CanonicalUser string

	UserARN string // FederatedUser: ARN of the IAM user who federated
	Service string // AWSService: "ec2.amazonaws.com"
	// Provider is, for an ExternalIdentity, what a Federated principal names:
	// the ARN of the identity provider or a host such as accounts.google.com.
	Provider string
}

// complete reports whether the caller has all the names that its type must
// have. One that lacks some could slip past a Deny that names it, or pass for
// a member of the resource's account; nothing is permitted to it.
func (p *Principal) complete() bool {
	switch p.Type {
	case User, RootUser:
		return p.ARN != "" && p.Account != ""
	case RoleSession:
		return p.ARN != "" && p.Account != "" && p.RoleARN != ""
	case FederatedUser:
		return p.ARN != "" && p.Account != "" && p.UserARN != ""
	case AWSService:
		return p.Service != ""
	case ExternalIdentity:
		return p.Provider != ""
	}
	return p.Type == Anonymous
}

// principalForm is the set of ways in which a Principal element names a
// caller. Which implicit denies a resource-based Allow overrides depends on
// the form that matched (IAM User Guide, "Policy evaluation for requests
// within a single account").
type principalForm uint8

const (
	byEveryone      principalForm = 1 << iota // "*"
	byAccount                                 // the account: it delegates, it does not grant
	byUser                                    // the user's ARN or unique id
	bySession                                 // the ARN of exactly this session
	byRole                                    // the role's ARN or unique id, for its sessions
	byUserOfSession                           // the federating user, for the federated session
	byService                                 // the service or the external identity
)

// direct are the forms that grant by themselves and lift every implicit deny.
const direct = byEveryone | byUser | bySession | byService

type principalKind uint8

const (
	namesNobody principalKind = iota
	namesEveryone
	namesAccount
	namesARN
	namesID
	namesService
	namesFederated
	namesCanonicalUser
)

// A principalName is one entry of a Principal or NotPrincipal element.
type principalName struct {
	kind      principalKind
	text      string // account id for namesAccount, else as written
	partition string // of namesAccount written as an ARN
	bare      bool   // "*" instead of {"AWS":"*"}
	pos       uint32
}

// principalElements are the kinds of principals of a Principal element, in the
// order in which they are printed. The table is never changed.
var principalElements = [...]string{"AWS", "Service", "Federated", "CanonicalUser"}

func newPrincipalName(element, text string, pos int) principalName {
	n := principalName{text: text, pos: uint32(pos)}
	switch element {
	case "AWS":
		n.awsPrincipal()
	case "Service":
		n.kind = namesService
	case "Federated":
		n.kind = namesFederated
	case "CanonicalUser":
		n.kind = namesCanonicalUser
	}
	return n
}

// awsPrincipal tells the forms of an AWS principal apart.
func (n *principalName) awsPrincipal() {
	n.kind = namesID
	if n.text == "*" {
		n.kind = namesEveryone
		return
	}
	if arn.IsAccountID(n.text) {
		n.kind = namesAccount
		return
	}
	a, err := arn.Parse(n.text)
	if err != nil {
		return
	}
	n.kind = namesARN
	if a.Service == "iam" && a.Resource == "root" && a.Region == "" && a.Account != "" {
		n.kind, n.text, n.partition = namesAccount, a.Account, a.Partition
	}
}

// form returns the way in which n names p, or zero when it does not.
func (n *principalName) form(p *Principal) principalForm {
	switch n.kind {
	case namesEveryone:
		return byEveryone
	case namesAccount:
		if n.text == p.Account && (n.partition == "" || p.inPartition(n.partition)) {
			return byAccount
		}
	case namesARN, namesID:
		return n.entityForm(p)
	case namesService:
		if p.Type == AWSService && p.Service != "" && n.text == p.Service {
			return byService
		}
		// A service entry of "*" is every service, and nobody else.
		if p.Type == AWSService && n.text == "*" {
			return byService
		}
	case namesCanonicalUser:
		if p.CanonicalUser != "" && n.text == p.CanonicalUser {
			return byAccount
		}
	case namesFederated:
		if p.Type == ExternalIdentity && p.Provider != "" && n.text == p.Provider {
			return byService
		}
	}
	return 0
}

func (n *principalName) entityForm(p *Principal) principalForm {
	switch p.Type {
	case User:
		if n.text == p.ARN || n.kind == namesID && n.text == p.ID {
			return byUser
		}
	case RoleSession:
		if n.text == p.ARN || n.kind == namesID && p.isSession(n.text) {
			return bySession
		}
		if n.text == p.RoleARN || n.kind == namesID && n.text == p.ID {
			return byRole
		}
	case FederatedUser:
		if n.text == p.ARN {
			return bySession
		}
		if n.text == p.UserARN || n.kind == namesID && n.text == p.ID {
			return byUserOfSession
		}
	}
	return 0
}

// isSession reports whether a unique id is the one of exactly this session of
// a role: AROA…:session.
func (p *Principal) isSession(text string) bool {
	id, session, ok := strings.Cut(text, ":")
	return ok && id != "" && id == p.ID && session == p.ARN[strings.LastIndexByte(p.ARN, '/')+1:]
}

// inPartition reports whether the caller's ARN is of the partition: account
// numbers mean something inside one partition only.
func (p *Principal) inPartition(partition string) bool {
	rest, ok := strings.CutPrefix(p.ARN, "arn:"+partition)
	return ok && strings.HasPrefix(rest, ":")
}

// names lists by what a policy can call the caller.
func (p *Principal) names() []string {
	var out []string
	for _, name := range [...]string{p.ARN, p.RoleARN, p.UserARN, p.ID, p.Account, p.Service, p.Provider} {
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

// parts are the forms that NotPrincipal must list, all of them, to spare a
// caller (IAM User Guide, "AWS JSON policy elements: NotPrincipal").
func (p *Principal) parts() principalForm {
	switch p.Type {
	case User:
		return byUser | byAccount
	case RoleSession:
		return bySession | byRole | byAccount
	case FederatedUser:
		return bySession | byUserOfSession | byAccount
	case RootUser:
		return byAccount
	case AWSService, ExternalIdentity:
		return byService
	}
	return byEveryone
}

// named returns all the forms in which names call p.
func named(names []principalName, p *Principal) principalForm {
	var f principalForm
	for i := range names {
		f |= names[i].form(p)
	}
	return f
}

// spared reports whether a NotPrincipal element with these names leaves p out.
// A caller that has a permissions boundary is never left out (IAM User Guide,
// "Permissions boundaries for IAM entities").
func spared(names []principalName, p *Principal, bounded bool) bool {
	f := named(names, p)
	if bounded {
		return false
	}
	return f&byEveryone != 0 || f&p.parts() == p.parts()
}

// String words the forms for explanations.
func (f principalForm) String() string {
	var words []string
	for i, w := range [...]string{"everyone", "account", "user", "session", "role", "federating user", "service or provider"} {
		if f&(1<<i) != 0 {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// element is the kind of principal under which the entry is written.
func (n *principalName) element() string {
	switch n.kind {
	case namesService:
		return "Service"
	case namesFederated:
		return "Federated"
	case namesCanonicalUser:
		return "CanonicalUser"
	}
	return "AWS"
}

// spelling is the entry as it is written.
func (n *principalName) spelling() string {
	if n.partition != "" {
		return "arn:" + n.partition + ":iam::" + n.text + ":root"
	}
	return n.text
}

// String gives the entry with its element, such as "AWS:123456789012" or
// "Service:ec2.amazonaws.com"; everyone is "*".
func (n *principalName) String() string {
	if n.kind == namesEveryone {
		return "*"
	}
	return n.element() + ":" + n.spelling()
}
