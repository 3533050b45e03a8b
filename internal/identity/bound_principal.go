package identity

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/store"
)

// BindPrincipals returns a resource-based policy as it is stored: the ARNs of users, roles and sessions of roles in its Principal and
// NotPrincipal elements replaced by the unique ids of those who have them now, so that a re-created namesake is nobody it names
// ("AWS JSON policy elements: Principal", IAM User Guide). All else stays as it was written.
//
// A user or role that does not exist is an *InvalidPrincipalError, and so is a unique id that nobody of this account has. Of an
// account that is not here nobody can say who has an ARN: what it would permit, it permits to nobody, also when the account is made
// later; what it would deny, it denies to whoever has it then.
func (r Reader) BindPrincipals(text string) (string, []BoundPrincipal, error) {
	var bound []BoundPrincipal
	out, err := rewritePrincipals(text, func(name string, widens bool) (string, error) {
		written, p, err := r.bindPrincipal(name)
		switch {
		case err != nil:
			return "", err
		case p.ID == "", p.Name != "" && !widens:
			return name, nil
		case !slices.Contains(bound, p):
			bound = append(bound, p)
		}
		return written, nil
	})
	return out, bound, err
}

// bindPrincipal returns how a principal is stored, and who it is; nobody if it is stored as it is written.
func (r Reader) bindPrincipal(name string) (written string, p BoundPrincipal, err error) {
	if isPrincipalID(name) {
		id := boundID(name)
		if _, err := r.Principal(id); err != nil {
			return "", p, invalidPrincipal(name, err)
		}
		return name, BoundPrincipal{ID: id, Account: r.account}, nil
	}
	a, err := arn.Parse(name)
	if err != nil {
		return name, p, nil //nolint:nilerr // what is no ARN is kept as it is written
	}
	ref, session := Ref{Kind(a.Kind()), a.Name()}, ""
	switch {
	case a.Service == "iam" && (ref.Kind == KindUser || ref.Kind == KindRole):
	case a.Service == "sts" && a.Kind() == "assumed-role":
		role, _, _ := strings.Cut(strings.TrimPrefix(a.Resource, "assumed-role/"), "/")
		ref, session = Ref{KindRole, role}, a.Name()
	default:
		return name, p, nil
	}
	home := r
	if a.Account != r.account {
		if !arn.IsAccountID(a.Account) {
			return "", p, &InvalidPrincipalError{name}
		}
		home = r.In(a.Account)
		if _, known := home.store.Get(accountKey); !known {
			p = BoundPrincipal{nobody(name), a.Account, name}
			return string(p.ID), p, nil
		}
	}
	e, err := home.entity(ref)
	if err != nil {
		return "", p, invalidPrincipal(name, err)
	}
	p = BoundPrincipal{ID: e.ID, Account: a.Account}
	written, current := string(e.ID), e.ARN
	if session != "" {
		written, current = written+":"+session, home.sessionARN(e.Name, session)
	}
	if current != name {
		return "", p, &InvalidPrincipalError{name}
	}
	return written, p, nil
}

// sessionARN is the ARN of a session of a role of the account.
func (r Reader) sessionARN(role, session string) string {
	return "arn:" + r.registry.partition + ":sts::" + r.account + ":assumed-role/" + role + "/" + session
}

// nobody is a unique id that nobody gets, as none has a zero in it, for an ARN that nobody has yet.
func nobody(name string) UniqueID {
	sum := sha256.Sum256([]byte(name))
	return UniqueID(fmt.Sprintf("AIDA0%X", sum[:12]))
}

// boundID is the unique id of a stored principal, which is of a user or role, or of a session: AROA…:session.
func boundID(written string) UniqueID {
	id, _, _ := strings.Cut(written, ":")
	return UniqueID(id)
}

func invalidPrincipal(name string, err error) error {
	var missing *NotFoundError
	if errors.As(err, &missing) {
		return &InvalidPrincipalError{name}
	}
	return err
}

// PrintPrincipals undoes BindPrincipals for those of the bound principals that live.
func (r Reader) PrintPrincipals(text string, bound []BoundPrincipal) (string, error) {
	if len(bound) == 0 {
		return text, nil
	}
	return rewritePrincipals(text, func(name string, _ bool) (string, error) {
		at := slices.IndexFunc(bound, func(p BoundPrincipal) bool { return p.ID == boundID(name) })
		if at < 0 {
			return name, nil
		}
		if bound[at].Name != "" {
			return bound[at].Name, nil
		}
		home := r.In(bound[at].Account)
		ref, err := home.Principal(bound[at].ID)
		if err == nil {
			var e Entity
			if e, err = home.entity(ref); err == nil {
				if _, session, ok := strings.Cut(name, ":"); ok {
					return home.sessionARN(e.Name, session), nil
				}
				return e.ARN, nil
			}
		}
		var missing *NotFoundError
		if errors.As(err, &missing) {
			return name, nil
		}
		return "", err
	})
}

// isPrincipalID reports whether a principal is written as the unique id of a user or role, or of a role's session.
func isPrincipalID(name string) bool {
	return strings.HasPrefix(name, "AIDA") || strings.HasPrefix(name, "AROA")
}

// rewritePrincipals replaces every AWS principal of a policy document by what replace says, and leaves every other byte alone. A
// principal widens a statement that would permit less without it: one that is permitted something, or spared by a denial.
func rewritePrincipals(text string, replace func(name string, widens bool) (string, error)) (string, error) {
	w := principalWriter{decoder: json.NewDecoder(strings.NewReader(text)), text: text, replace: replace}
	err := w.object(func(key string) error {
		if key != "Statement" {
			return w.skip()
		}
		return w.oneOrMany(w.statement)
	})
	if err != nil {
		var invalid *InvalidPrincipalError
		if errors.As(err, &invalid) || errors.Is(err, store.ErrClosed) {
			return "", err
		}
		return "", fmt.Errorf("principals: %w", err)
	}
	w.out.WriteString(text[w.copied:])
	return w.out.String(), nil
}

// A principalWriter copies a document while it reads it. The document has been accepted by package policy, so that its shape is
// known; what is found otherwise is left as it is.
type principalWriter struct {
	decoder *json.Decoder
	text    string
	out     strings.Builder
	copied  int // bytes of text that are in out
	replace func(name string, widens bool) (string, error)
}

func (w *principalWriter) statement() error {
	var members map[string]any // what is no object has no principals
	if err := json.NewDecoder(strings.NewReader(w.text[w.next():])).Decode(&members); err != nil {
		return w.skip()
	}
	return w.object(func(key string) error {
		if key != "Principal" && key != "NotPrincipal" {
			return w.skip()
		}
		widens := (key == "Principal") == (members["Effect"] != "Deny")
		return w.object(func(key string) error {
			if key != "AWS" {
				return w.skip()
			}
			return w.oneOrMany(func() error { return w.name(widens) })
		})
	})
}

// name replaces the string that comes next.
func (w *principalWriter) name(widens bool) error {
	start := w.next()
	token, err := w.decoder.Token()
	if err != nil {
		return err
	}
	old, ok := token.(string)
	if !ok {
		return nil
	}
	name, err := w.replace(old, widens)
	if err != nil || name == old {
		return err
	}
	quoted, err := json.Marshal(name)
	if err != nil {
		return err
	}
	w.out.WriteString(w.text[w.copied:start])
	w.out.Write(quoted)
	w.copied = int(w.decoder.InputOffset())
	return nil
}

// next returns the offset of the token that comes next.
func (w *principalWriter) next() int {
	at := int(w.decoder.InputOffset())
	for at < len(w.text) && strings.IndexByte(" \t\r\n,:", w.text[at]) >= 0 {
		at++
	}
	return at
}

// object calls member for each member of the object that comes next; another value is skipped.
func (w *principalWriter) object(member func(key string) error) error {
	if at := w.next(); at >= len(w.text) || w.text[at] != '{' {
		return w.skip()
	}
	if _, err := w.decoder.Token(); err != nil {
		return err
	}
	for w.decoder.More() {
		key, err := w.decoder.Token()
		if err != nil {
			return err
		}
		if err := member(key.(string)); err != nil {
			return err
		}
	}
	_, err := w.decoder.Token()
	return err
}

// oneOrMany calls value for the value that comes next, or for each element if it is a list.
func (w *principalWriter) oneOrMany(value func() error) error {
	if at := w.next(); at >= len(w.text) || w.text[at] != '[' {
		return value()
	}
	if _, err := w.decoder.Token(); err != nil {
		return err
	}
	for w.decoder.More() {
		if err := value(); err != nil {
			return err
		}
	}
	_, err := w.decoder.Token()
	return err
}

func (w *principalWriter) skip() error {
	var value json.RawMessage
	return w.decoder.Decode(&value)
}
