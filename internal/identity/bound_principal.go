package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/store"
)

// BindPrincipals returns a resource-based policy as it is stored: the ARNs of users and roles in its Principal and NotPrincipal
// elements replaced by the unique ids of those who have them now, so that a re-created namesake is nobody it names ("AWS JSON
// policy elements: Principal", IAM User Guide). All else stays as it was written.
//
// A user or role that does not exist is an *InvalidPrincipalError, and so is a unique id that nobody of this account has. An ARN
// of an account that is not here is kept as it is: nobody can say who it names, and no caller has it.
func (r Reader) BindPrincipals(text string) (string, []BoundPrincipal, error) {
	var bound []BoundPrincipal
	bind := func(p BoundPrincipal) (string, error) {
		if !slices.Contains(bound, p) {
			bound = append(bound, p)
		}
		return string(p.ID), nil
	}
	out, err := rewritePrincipals(text, func(name string) (string, error) {
		if isPrincipalID(name) {
			if _, err := r.Principal(UniqueID(name)); err != nil {
				return "", invalidPrincipal(name, err)
			}
			return bind(BoundPrincipal{UniqueID(name), r.account})
		}
		a, err := arn.Parse(name)
		if err != nil || a.Service != "iam" || a.Kind() != "user" && a.Kind() != "role" {
			return name, nil //nolint:nilerr // what is no ARN of a user or role is kept as it is written
		}
		home := r
		if a.Account != r.account {
			if !arn.IsAccountID(a.Account) {
				return "", &InvalidPrincipalError{name}
			}
			home = r.In(a.Account)
			if _, known := home.store.Get(accountKey); !known {
				return name, nil
			}
		}
		e, err := home.entity(Ref{Kind(a.Kind()), a.Name()})
		if err != nil {
			return "", invalidPrincipal(name, err)
		}
		if e.ARN != name {
			return "", &InvalidPrincipalError{name}
		}
		return bind(BoundPrincipal{e.ID, a.Account})
	})
	return out, bound, err
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
	return rewritePrincipals(text, func(name string) (string, error) {
		at := slices.IndexFunc(bound, func(p BoundPrincipal) bool { return string(p.ID) == name })
		if at < 0 {
			return name, nil
		}
		home := r.In(bound[at].Account)
		ref, err := home.Principal(bound[at].ID)
		if err == nil {
			var e Entity
			if e, err = home.entity(ref); err == nil {
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

// isPrincipalID reports whether a principal is written as the unique id of a user or role.
func isPrincipalID(name string) bool {
	return strings.HasPrefix(name, "AIDA") || strings.HasPrefix(name, "AROA")
}

// rewritePrincipals replaces every AWS principal of a policy document by what replace says, and leaves every other byte alone.
func rewritePrincipals(text string, replace func(string) (string, error)) (string, error) {
	w := principalWriter{decoder: json.NewDecoder(strings.NewReader(text)), text: text, replace: replace}
	err := w.object(func(key string) error {
		if key != "Statement" {
			return w.skip()
		}
		return w.oneOrMany(func() error { return w.object(w.statementPart) })
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
	replace func(string) (string, error)
}

func (w *principalWriter) statementPart(key string) error {
	if key != "Principal" && key != "NotPrincipal" {
		return w.skip()
	}
	return w.object(func(key string) error {
		if key != "AWS" {
			return w.skip()
		}
		return w.oneOrMany(w.name)
	})
}

// name replaces the string that comes next.
func (w *principalWriter) name() error {
	start := w.next()
	token, err := w.decoder.Token()
	if err != nil {
		return err
	}
	old, ok := token.(string)
	if !ok {
		return nil
	}
	name, err := w.replace(old)
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
