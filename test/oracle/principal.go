package oracle

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A principalValue is one entry of a Principal or NotPrincipal element. The
// element "*" is kept as the entry AWS "*": both mean everyone.
type principalValue struct {
	kind  string // AWS, Service, Federated, CanonicalUser
	value string
}

// readPrincipals reads Principal or NotPrincipal. The list is nil when the
// statement has neither.
func readPrincipals(elements map[string]any) (list []principalValue, negated bool, err error) {
	element, has := elements["Principal"]
	negative, negated := elements["NotPrincipal"]
	switch {
	case has && negated:
		return nil, false, errors.New("both Principal and NotPrincipal")
	case negated:
		element = negative
	case !has:
		return nil, false, nil
	}
	if element == "*" {
		return []principalValue{{"AWS", "*"}}, negated, nil
	}
	kinds, ok := element.(map[string]any)
	if !ok {
		return nil, false, fmt.Errorf("invalid principal %v", element)
	}
	if err := onlyKnown(kinds, "AWS", "Service", "Federated", "CanonicalUser"); err != nil {
		return nil, false, err
	}
	for kind, values := range kinds {
		texts, err := stringList(values)
		if err != nil {
			return nil, false, err
		}
		for _, text := range texts {
			list = append(list, principalValue{kind, text})
		}
	}
	if len(list) == 0 {
		return nil, false, errors.New("no principal in Principal")
	}
	return list, negated, nil
}

// A grant says through which forms of its Principal a policy on a resource allows
// the caller. What the allow replaces depends on it ("IAM JSON policy elements:
// Principal" and "Permissions boundaries for IAM entities").
type grant struct {
	direct  bool // the caller itself, its session, its service, or everyone
	through bool // the role behind a session, the user behind a federated session
	account bool // the caller's account, which leaves the decision to its policies
}

func (g grant) union(h grant) grant {
	return grant{g.direct || h.direct, g.through || h.through, g.account || h.account}
}

func (g grant) any() bool { return g.direct || g.through || g.account }

// granted says how an Allow statement that covers the request reaches the caller.
// NotPrincipal with Allow is not supported and reaches nobody.
func (r request) granted(s statement) grant {
	if s.notPrincipal {
		return grant{}
	}
	return r.caller.reachedBy(s.principals)
}

// denied says whether a Deny statement that covers the request reaches the caller.
// With NotPrincipal it reaches everybody but those it lists with every part of
// their identity, and whoever has a permissions boundary in any case ("IAM JSON
// policy elements: NotPrincipal").
func (r request) denied(s statement) bool {
	if !s.notPrincipal {
		return r.caller.reachedBy(s.principals).any()
	}
	return r.hasBoundary || !r.caller.sparedBy(s.principals)
}

// reachedBy says in which ways a list of principals means the caller.
func (p Principal) reachedBy(list []principalValue) grant {
	listed := func(forms []principalValue) bool {
		return slices.ContainsFunc(forms, func(form principalValue) bool {
			return slices.Contains(list, form)
		})
	}
	return grant{
		direct:  listed(everyone(p)) || listed(p.self()),
		through: listed(p.behind()),
		account: listed(p.owner()),
	}
}

// sparedBy says whether a NotPrincipal list names every part of the caller.
func (p Principal) sparedBy(list []principalValue) bool {
	listed := func(forms []principalValue) bool {
		return len(forms) == 0 || slices.ContainsFunc(forms, func(form principalValue) bool {
			return slices.Contains(list, form)
		})
	}
	if slices.ContainsFunc(everyone(p), func(form principalValue) bool { return slices.Contains(list, form) }) {
		return true
	}
	if p.Type == Anonymous {
		return false
	}
	return listed(p.self()) && listed(p.behind()) && listed(p.owner())
}

// everyone is the forms that mean all callers of p's sort.
func everyone(p Principal) []principalValue {
	forms := []principalValue{{"AWS", "*"}}
	if p.Type == Service {
		forms = append(forms, principalValue{"Service", "*"})
	}
	return forms
}

// self is the forms that mean this caller alone. The root user has none of its
// own: its ARN is the account's.
func (p Principal) self() []principalValue {
	switch p.Type {
	case User:
		return named(string(p.ARN), p.UserID)
	case RoleSession, Federated:
		return named(string(p.ARN))
	case Service:
		return []principalValue{{"Service", p.Service}}
	}
	return nil
}

// behind is the forms that mean the entity a session was made from.
func (p Principal) behind() []principalValue {
	switch p.Type {
	case RoleSession:
		return named(p.RoleARN, p.RoleID)
	case Federated:
		return named(p.UserARN)
	}
	return nil
}

// owner is the forms that mean the caller's account.
func (p Principal) owner() []principalValue {
	if p.Type == Anonymous || p.Type == Service || p.Account == "" {
		return nil
	}
	partition := "aws"
	if parts := strings.Split(string(p.ARN), ":"); len(parts) > 1 {
		partition = parts[1]
	}
	return named(string(p.Account), "arn:"+partition+":iam::"+string(p.Account)+":root")
}

// named makes AWS principals of the names that are known.
func named(names ...string) []principalValue {
	var forms []principalValue
	for _, name := range names {
		if name != "" {
			forms = append(forms, principalValue{"AWS", name})
		}
	}
	return forms
}
