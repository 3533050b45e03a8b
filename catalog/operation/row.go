package operation

import (
	"slices"
	"strings"
)

// A Mode says what an operation does to stored state, and so in which kind of transaction it runs. The zero Mode is invalid.
type Mode uint8

// The modes.
const (
	Read  Mode = iota + 1 // sees one consistent state and changes nothing
	Write                 // authorised and done in one transaction
	Long                  // outlives any transaction; holds none while it runs
)

// String returns "read", "write", "long" or "invalid".
func (m Mode) String() string {
	switch m {
	case Read:
		return "read"
	case Write:
		return "write"
	case Long:
		return "long"
	}
	return "invalid"
}

// Auth says how a caller shows who it is. The zero Auth demands a signature.
type Auth uint8

// The ways to be known.
const (
	Signed   Auth = iota // a valid signature of an access key
	Unsigned             // a token inside the input speaks for the caller; the request carries no signature
)

// String returns "signed" or "unsigned".
func (a Auth) String() string {
	if a == Unsigned {
		return "unsigned"
	}
	return "signed"
}

// A Row is one API operation: what must be allowed before it, and what it changes. Rows are shared by everybody who reads
// the table and must not be modified.
type Row struct {
	Service string // the Service's name: "iam"
	Name    string // the operation's name in the API, spelled exactly: "CreateRole"
	Mode    Mode
	Auth    Auth

	// Data says that CloudTrail records the call as a data event: it is about what a resource holds, not about the resource.
	Data bool

	// Unrecorded says that the call is not written down when it is allowed: it reads what is, and who follows that would fill it
	// with himself.
	Unrecorded bool

	// Questions must all be allowed, except soft ones. There is at least one unless NoPermission is set.
	Questions []Question

	// NoPermission, when not empty, says why the call needs no permission, and where AWS says so.
	NoPermission string

	// Encoded says that a denial also carries an encoded authorization message (sts:DecodeAuthorizationMessage reads it).
	Encoded bool

	// Guards are what must hold, beyond being allowed, for the call to succeed; only those that bear on who gets which
	// permission. The service enforces them after authorisation; the analysis needs them to order its steps.
	Guards []Guard

	// Effects are what a successful call changes about who may do what. A call with none cannot widen anything.
	Effects []Effect

	// Mitigation is one sentence: how a policy fences this call. Empty for a call without effects.
	Mitigation string

	// Source is the AWS page that the row follows.
	Source string
}

// FullName returns "service:Operation".
func (r Row) FullName() string { return r.Service + ":" + r.Name }

// ServiceNames returns the names of the values that the called service must work out itself (Service.…), sorted. Whoever
// binds a handler to the row must provide every one of them, if only to say that it has no value: a name that nobody
// knows must refuse the call, because a question that is asked When or for Each of it would otherwise be left out.
func (r Row) ServiceNames() []string {
	var found []string
	for _, q := range r.Questions {
		spoken := slices.Concat(q.When, q.Unless, References(q.Resource), References(q.Shown))
		for _, k := range q.Keys {
			switch k.From {
			case FromService:
				spoken = append(spoken, k.Value)
			case FromTemplate:
				spoken = append(spoken, References(k.Value)...)
			}
		}
		for _, name := range append(spoken, q.Each, q.Target.Member, q.Target.In) {
			if strings.HasPrefix(name, "Service.") {
				found = append(found, name)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
