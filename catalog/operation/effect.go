package operation

// A Change is one way in which a call changes who may do what. The zero Change is invalid.
type Change uint8

// The changes. "The entity" is what Effect.Entity and Effect.Member name, "the value" what Effect.With names.
const (
	Creates              Change = iota + 1 // the entity comes to be
	Deletes                                // the entity ceases to be; a later namesake is another entity
	Renames                                // the entity takes the value as its name, or as its path
	SetsBoundary                           // the value becomes the entity's permissions boundary; absent, it has none
	ClearsBoundary                         // the entity has no permissions boundary any more
	SetsTrust                              // the value becomes the role's trust policy
	AttachesPolicy                         // the managed policy with the value as ARN applies to the entity
	DetachesPolicy                         // it no longer does, and its denies are gone too
	WritesInlinePolicy                     // the value becomes an inline policy of the entity
	RemovesInlinePolicy                    // an inline policy is gone, and its denies too
	WritesPolicyVersion                    // the value becomes the document of the managed policy, for every holder
	SelectsPolicyVersion                   // an older document becomes the default, for every holder
	RemovesPolicyVersion                   // an older document can no longer be chosen
	AddsMember                             // the user that the value names gains the group's policies
	RemovesMember                          // the user loses them, and their denies too
	SetsTags                               // resource and principal tags of the entity are chosen by the caller
	RemovesTags                            // tags of the entity are gone
	IssuesCredentials                      // the caller gets, or decides, long-term credentials of the entity
	RevokesCredentials                     // long-term credentials of the entity stop working
	IssuesSession                          // the caller gets a session of the entity
	SetsSessionTags                        // principal tags of the session are chosen by the caller
	SetsMFA                                // multi-factor context of the entity can be provided, or no more
	WritesProvider                         // whoever holds the value can make assertions that the provider vouches for
	PlacesRole                             // the role that the value names becomes usable through the entity
	RunsAs                                 // the caller steers new compute that holds a session of the role in the value
	Steers                                 // the caller steers existing compute, and with it the role that it holds
	WritesResourcePolicy                   // the value becomes the entity's resource-based policy, which may skip a boundary
	IsUnknown                              // what it changes is not modelled: an analysis that meets it cannot conclude
)

// String returns the change in words, or "invalid".
func (c Change) String() string {
	names := [...]string{
		"invalid", "creates", "deletes", "renames", "sets boundary", "clears boundary", "sets trust", "attaches policy",
		"detaches policy", "writes inline policy", "removes inline policy", "writes policy version",
		"selects policy version", "removes policy version", "adds member", "removes member", "sets tags", "removes tags",
		"issues credentials", "revokes credentials", "issues session", "sets session tags", "sets MFA",
		"writes provider", "places role", "runs as", "steers", "writes resource policy", "unknown",
	}
	if int(c) >= len(names) {
		return names[0]
	}
	return names[c]
}

// An Effect is one change that a successful call makes.
type Effect struct {
	Change Change
	Entity Kind   // the kind of what is changed
	Member string // the name of the value that names it; "" means the caller
	With   string // the name of the value that is put there; "" where the change needs none
	When   string // the effect happens only if this value is present, as in Question.When; "" means always
}

// A Precondition is something that must hold for a call to succeed. The zero Precondition is invalid.
type Precondition uint8

// The preconditions.
const (
	Unused           Precondition = iota + 1 // no entity has the name, ignoring case
	Exists                                   // the entity exists
	Attached                                 // the policy that With names is attached to the entity
	Unattached                               // the policy is attached to nothing and is nobody's boundary
	Attachable                               // the policy exists and may be attached, or set as a boundary
	Bounded                                  // the entity has a permissions boundary
	BelowQuota                               // the account has room for one more; With names the quota
	NotServiceLinked                         // the role does not belong to a service
	NotDefault                               // the policy version that With names is not the default one
	VersionExists                            // the policy has the version that With names
	Trusts                                   // the role's trust policy admits the service principal in With
	LongTermOnly                             // the caller uses long-term credentials
	Empty                                    // nothing is left inside the entity or attached to it
)

// String returns the precondition in words, or "invalid".
func (p Precondition) String() string {
	names := [...]string{
		"invalid", "unused", "exists", "attached", "unattached", "attachable", "bounded", "below quota",
		"not service-linked", "not default", "version exists", "trusts", "long-term only", "empty",
	}
	if int(p) >= len(names) {
		return names[0]
	}
	return names[p]
}

// A Guard is one precondition of a call. It holds when Member is absent, unless the precondition speaks of the caller.
type Guard struct {
	Precondition Precondition
	Entity       Kind   // the kind of what is looked at
	Member       string // the name of the value that names it; "" means the caller
	With         string // the name of a further value, of a quota, or a constant, as the precondition says
}
