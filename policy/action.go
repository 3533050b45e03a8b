package policy

import (
	"errors"
	"strings"
)

// An Action is the name of a permission, such as "dynamodb:Scan". It keeps the
// spelling it was made from, which denials print; matching ignores case (IAM
// User Guide, "IAM JSON policy elements: Action"). The zero Action is permitted
// by no policy.
type Action struct {
	name   string // canonical spelling
	folded string // lower case
	word   uint64 // of an entry of a program that is this name, its place left out
	hash   uint32 // of folded

	serviceHash uint32
	special     actionRule
}

// actionRule marks the few actions that are judged in a way of their own.
type actionRule uint8

const (
	// withoutPermission: these actions may be called by every signed caller,
	// whatever any policy says (STS API Reference, GetCallerIdentity; IAM User
	// Guide, "Permissions for GetSessionToken").
	withoutPermission actionRule = 1 + iota
	// neverByResource: a policy of the resource cannot grant the action.
	// iam:PassRole is decided by the caller's own policies (Service
	// Authorization Reference, "Actions defined by AWS Identity and Access
	// Management").
	neverByResource
)

func ruleOf(folded string) actionRule {
	switch folded {
	case "sts:getcalleridentity", "sts:getsessiontoken":
		return withoutPermission
	case "iam:passrole":
		return neverByResource
	}
	return 0
}

var errAction = errors.New(`an action is "service:Name": one colon, both halves present, no wildcards, printable ASCII`)

// ParseAction makes an Action from "service:Name" in its canonical spelling.
// Wildcards, white space and characters outside ASCII are refused: an action of
// a request is a name, not a pattern.
func ParseAction(name string) (Action, error) {
	colon := strings.IndexByte(name, ':')
	if colon <= 0 || colon == len(name)-1 {
		return Action{}, errAction
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' || c == '*' || c == '?' || c == ':' && i != colon {
			return Action{}, errAction
		}
	}
	folded := foldASCII(name)
	hash := hashString(folded)
	return Action{
		name: name, folded: folded, hash: hash, serviceHash: hashString(folded[:colon]), special: ruleOf(folded),
		word: uint64(matchExact) | uint64(uint8(len(folded)))<<8 | uint64(hash)<<32,
	}, nil
}

// MustAction is [ParseAction] for names that are part of the program. It panics
// on a name that is not an action.
func MustAction(name string) Action {
	a, err := ParseAction(name)
	if err != nil {
		panic("policy: " + name + ": " + err.Error())
	}
	return a
}

// String returns the action in the spelling it was made from.
func (a Action) String() string { return a.name }

// Service returns the service prefix in lower case, "dynamodb" for
// "dynamodb:Scan"; it is empty for the zero Action.
func (a Action) Service() string {
	service, _, _ := strings.Cut(a.folded, ":")
	return service
}

// foldASCII lowers A to Z and leaves everything else, so that it never changes
// the length of a name. It does not allocate when there is nothing to lower.
func foldASCII(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				b[j] = lowerByte(b[j])
			}
			return string(b)
		}
	}
	return s
}

func lowerByte(c byte) byte {
	// Without a branch, for names in which nobody foresees a capital: below is
	// all ones for A to Z and zero for the rest.
	below := byte((int(c-'A') - 26) >> 8)
	return c | below&('a'-'A')
}

// hashString is FNV-1a. Equal hashes are only a hint: strings are compared
// before anything is concluded from them.
func hashString(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}
