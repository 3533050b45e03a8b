package identity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// AttachPolicy attaches a managed policy to a user, group or role; attaching it again changes nothing. Errors: *NotFoundError
// for the entity, then for the policy, *LimitError, *ConflictError for a service-linked role.
func (t Tx) AttachPolicy(to Ref, arn string) error {
	return t.edit(to, func(e *Entity) error {
		p, err := t.Policy(arn)
		if err != nil {
			return err
		}
		if slices.Contains(e.Attached, p.ARN) {
			return nil
		}
		quota, limit := t.attachable(to.Kind)
		if len(e.Attached) >= limit {
			return &LimitError{quota, limit, to.Kind, e.Name}
		}
		e.Attached = append(e.Attached, p.ARN)
		return t.use(p.ARN, to, isAttached, true)
	})
}

// DetachPolicy undoes AttachPolicy. A policy that is not attached is a *NotFoundError of KindPolicy.
func (t Tx) DetachPolicy(from Ref, arn string) error {
	return t.edit(from, func(e *Entity) error {
		at := slices.Index(e.Attached, arn)
		if at < 0 {
			return &NotFoundError{KindPolicy, arn}
		}
		e.Attached = slices.Delete(e.Attached, at, at+1)
		return t.use(arn, from, isAttached, false)
	})
}

func (t Tx) attachable(kind Kind) (QuotaName, int) {
	q := t.registry.quotas
	switch kind {
	case KindUser:
		return PoliciesPerUser, q.PoliciesPerUser
	case KindGroup:
		return PoliciesPerGroup, q.PoliciesPerGroup
	}
	return PoliciesPerRole, q.PoliciesPerRole
}

// SetBoundary sets or replaces the permissions boundary of a user or role; "" clears it, also where there is none.
func (t Tx) SetBoundary(of Ref, arn string) error {
	if of.Kind == KindGroup {
		return &NotFoundError{of.Kind, of.Name} // groups cannot have one ("Permissions boundaries for IAM entities")
	}
	return t.edit(of, func(e *Entity) error {
		if arn != "" {
			p, err := t.Policy(arn)
			if err != nil {
				return err
			}
			arn = p.ARN
		}
		if arn == e.Boundary {
			return nil
		}
		if e.Boundary != "" {
			if err := t.use(e.Boundary, of, isBoundary, false); err != nil {
				return err
			}
		}
		e.Boundary = arn
		if arn == "" {
			return nil
		}
		return t.use(arn, of, isBoundary, true)
	})
}

// SetTags replaces the tags of a user or role.
func (t Tx) SetTags(of Ref, tags []Tag) error {
	limit := t.registry.quotas.Tags
	if len(tags) > limit {
		return &LimitError{TagsPerEntity, limit, of.Kind, of.Name}
	}
	return t.edit(of, func(e *Entity) error {
		e.Tags = slices.Clone(tags)
		return nil
	})
}

// PutInlinePolicy makes an inline policy, or replaces the one of that name. Names are unique in an entity ignoring case.
func (t Tx) PutInlinePolicy(in Ref, name string, document *policy.Document) error {
	return t.edit(in, func(e *Entity) error {
		digest, err := t.hold(document.Text())
		if err != nil {
			return err
		}
		put := InlinePolicy{Name: name, Document: digest, Size: sizeOf(document)}
		at := indexInline(e.Inline, name)
		if at < 0 {
			e.Inline = append(e.Inline, put)
		} else {
			if err := t.release(e.Inline[at].Document); err != nil {
				return err
			}
			e.Inline[at] = put
		}
		return t.inlineFits(in.Kind, e)
	})
}

// DeleteInlinePolicy removes an inline policy, or returns a *NotFoundError of KindInlinePolicy.
func (t Tx) DeleteInlinePolicy(in Ref, name string) error {
	return t.edit(in, func(e *Entity) error {
		at := indexInline(e.Inline, name)
		if at < 0 {
			return &NotFoundError{KindInlinePolicy, name}
		}
		digest := e.Inline[at].Document
		e.Inline = slices.Delete(e.Inline, at, at+1)
		return t.release(digest)
	})
}

func indexInline(list []InlinePolicy, name string) int {
	return slices.IndexFunc(list, func(p InlinePolicy) bool { return strings.EqualFold(p.Name, name) })
}

func (t Tx) inlineFits(kind Kind, e *Entity) error {
	q := t.registry.quotas
	limit := map[Kind]int{KindUser: q.InlineUserSize, KindGroup: q.InlineGroupSize, KindRole: q.InlineRoleSize}[kind]
	size := 0
	for _, p := range e.Inline {
		size += p.Size
	}
	if size > limit {
		return &LimitError{InlinePolicySize, limit, kind, e.Name}
	}
	return nil
}

// A use says in which ways an entity uses a managed policy.
type use struct {
	Attached bool `json:"attached,omitempty"`
	Boundary bool `json:"boundary,omitempty"`
}

// A usage is one of the two ways to use a managed policy.
type usage uint8

const (
	isAttached usage = iota
	isBoundary
)

func usageKey(arn string) string      { return "usage/" + arn }
func useKey(arn string, r Ref) string { return usePrefix(arn) + r.key() }
func usePrefix(arn string) string     { return "use/" + arn + "\x00" }

// PolicyUsage returns how often the policy is in use in this account.
func (r Reader) PolicyUsage(arn string) (Usage, error) {
	u, _, err := get[Usage](r.store, usageKey(arn))
	return u, err
}

// PolicyUsers calls yield for the entities of this account that use the policy, with the ways in which they do, until yield
// returns false. Names are folded.
func (r Reader) PolicyUsers(arn string, yield func(ref Ref, attached, boundary bool) bool) error {
	for key := range store.All(r.store, usePrefix(arn)) {
		u, _, err := get[use](r.store, key)
		if err != nil {
			return err
		}
		kind, name, _ := strings.Cut(strings.TrimPrefix(key, usePrefix(arn)), "/")
		if !yield(Ref{Kind(kind), name}, u.Attached, u.Boundary) {
			return nil
		}
	}
	return nil
}

// use notes that an entity begins or ends to use a managed policy, in the index and in the counts. The counts have records of
// their own, so that attaching a policy is no change of the policy.
func (t Tx) use(arn string, by Ref, how usage, begins bool) error {
	u, _, err := get[use](t.tx, useKey(arn, by))
	if err != nil {
		return err
	}
	n, err := t.PolicyUsage(arn)
	if err != nil {
		return err
	}
	flag, count := &u.Attached, &n.Attachments
	if how == isBoundary {
		flag, count = &u.Boundary, &n.Boundaries
	}
	if *flag == begins {
		return fmt.Errorf("%s: %w: its index of use is out of step", arn, ErrDamaged)
	}
	*flag = begins
	if begins {
		*count++
	} else {
		*count--
	}
	putOrDelete(t.tx, useKey(arn, by), u)
	putOrDelete(t.tx, usageKey(arn), n)
	return nil
}

// putOrDelete stores a record, or nothing for its zero value.
func putOrDelete[T comparable](tx store.Tx, key string, record T) {
	var zero T
	if record == zero {
		tx.Delete(key)
		return
	}
	put(tx, key, record)
}
