package identity

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// A credential is a long-term access key, ready for use.
type credential struct {
	caller *Caller
	secret Secret
	active bool
	used   atomic.Pointer[KeyUse] // the use that was noted last
}

// Authenticate finds the credential that s names, lets verify judge the signature with its signing key, and returns the caller
// if that, the credential and its principal are in order at the time now. It must not be called inside a view or an update.
//
// Errors are *CredentialError, whatever verify returns, and those of the store.
func (g *Registry) Authenticate(ctx context.Context, s *sigv4.Signed, now time.Time, verify func(sigv4.SigningKey) error) (*Caller, error) {
	var c *Caller
	var err error
	if s.SecurityToken != "" {
		c, err = g.session(s, now, verify)
	} else {
		c, err = g.longTerm(ctx, s, now, verify)
	}
	if err != nil {
		return nil, err
	}
	// The principal must live now. This also loads its view, which later steps must not do while they hold a transaction.
	p, err := g.Policies(ctx, nil, c)
	if err != nil {
		var refused *CredentialError
		if errors.As(err, &refused) {
			return nil, refuse(refused.Fault, c.AccessKeyID)
		}
		return nil, err
	}
	if c.Principal.Type == policy.RoleSession {
		g.used(&c.sealed.used, c.Principal.Account, usedID(c.Principal.ID), s, now)
	}
	if c, err = g.renamed(c, p.View, s.SecurityToken); err != nil {
		return nil, err
	}
	if _, err := g.Organization(ctx, nil, c.Principal.Account); err != nil {
		return nil, err
	}
	return c, nil
}

func refuse(fault CredentialFault, id AccessKeyID) error { return &CredentialError{fault, id} }

// longTerm accepts a long-term access key.
func (g *Registry) longTerm(ctx context.Context, s *sigv4.Signed, now time.Time, verify func(sigv4.SigningKey) error) (*Caller, error) {
	id := AccessKeyID(s.AccessKeyID)
	k, err := g.credential(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case k == nil && id.Temporary():
		return nil, refuse(TokenMissing, id)
	case k == nil:
		return nil, refuse(UnknownKey, id)
	case !k.active:
		return nil, refuse(InactiveKey, id)
	}
	if err := verify(g.signingKeys.Key(s, k.secret.Reveal())); err != nil {
		return nil, err
	}
	g.used(&k.used, k.caller.Principal.Account, usedID(k.caller.AccessKeyID), s, now)
	return k.caller, nil
}

// session accepts temporary credentials. Expiry is told only to who holds the secret.
func (g *Registry) session(s *sigv4.Signed, now time.Time, verify func(sigv4.SigningKey) error) (*Caller, error) {
	id := AccessKeyID(s.AccessKeyID)
	if !id.Temporary() {
		return nil, refuse(TokenUnexpected, id)
	}
	sealed := g.opened(s.SecurityToken, now)
	if sealed == nil || sealed.caller.AccessKeyID != id || sealed.secret.IsZero() {
		return nil, refuse(TokenInvalid, id)
	}
	if err := verify(g.signingKeys.Key(s, sealed.secret.Reveal())); err != nil {
		return nil, err
	}
	if !now.Before(sealed.caller.Session.Expires) {
		return nil, refuse(TokenExpired, id)
	}
	return sealed.caller, nil
}

// opened returns what is in a session token, nil if it does not open.
func (g *Registry) opened(token string, now time.Time) *sealedSession {
	if sealed := g.tokens.get(token); sealed != nil {
		return sealed
	}
	session, id, secret, err := g.ring.openToken(token, now)
	if err != nil {
		return nil
	}
	sealed, err := g.newSealedSession(session, id, secret)
	if err != nil {
		return nil
	}
	g.tokens.add(strings.Clone(token), sealed)
	return sealed
}

// Holder returns the caller that signs with credentials of this server, without a signature: for the service that asked for them and
// acts with them itself. Whether the principal lives is judged with each request. The error is a *CredentialError.
func (g *Registry) Holder(c Credentials) (*Caller, error) {
	sealed := g.opened(c.SessionToken, g.now())
	if sealed == nil || sealed.caller.AccessKeyID != c.AccessKeyID {
		return nil, refuse(TokenInvalid, c.AccessKeyID)
	}
	return sealed.caller, nil
}

// credential returns the long-term key of that id, nil if there is none. Most ids say in which account it is; those that the directory
// knows came from elsewhere, and say nothing by what they seem to say.
func (g *Registry) credential(ctx context.Context, id AccessKeyID) (*credential, error) {
	account, ok := g.views.accountOf(id)
	if !ok {
		if carried, has := id.Account(); has {
			if k, err := g.credentialIn(ctx, carried, id); k != nil || err != nil {
				return k, err
			}
		}
		err := g.store.View(ctx, spaceDirectory, func(r store.Reader) error {
			record, found, err := get[directoryRecord](r, directoryKey(id))
			account, ok = record.Account, found
			return err
		})
		if err != nil || !ok {
			return nil, err
		}
		g.views.putAccountOf(AccessKeyID(strings.Clone(string(id))), account)
	}
	return g.credentialIn(ctx, account, id)
}

func (g *Registry) credentialIn(ctx context.Context, account string, id AccessKeyID) (*credential, error) {
	if k := g.views.credential(account, id); k != nil {
		return k, nil
	}
	var k *credential
	err := g.store.View(ctx, store.Space(account), func(r store.Reader) (err error) {
		if k, err = g.readOnce(account, r).credential(id); k != nil {
			g.views.putCredential(account, r.Revision(), k.caller.AccessKeyID, k)
		}
		return err
	})
	return k, err
}

// credential reads the access key of that id, nil if there is none or its user is gone.
func (r Reader) credential(id AccessKeyID) (*credential, error) {
	record, found, err := get[keyRecord](r.store, keyKey(id))
	if err != nil || !found {
		return nil, err
	}
	secret, err := r.registry.ring.openSecret(r.account, record.ID, record.Sealed)
	if err != nil {
		return nil, err
	}
	c := &Caller{AccessKeyID: record.ID, Principal: policy.Principal{Account: r.account}}
	if record.User == "" {
		c.Principal.Type = policy.RootUser
		c.Principal.ARN = "arn:" + r.registry.partition + ":iam::" + r.account + ":root"
		return &credential{caller: c, secret: secret, active: record.Active}, nil
	}
	u, err := r.User(record.User)
	var missing *NotFoundError
	if errors.As(err, &missing) || err == nil && u.ID != record.UserID {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c.Principal.Type, c.Principal.ARN, c.Principal.ID = policy.User, u.ARN, string(u.ID)
	c.entity = Ref{KindUser, fold(u.Name)}
	return &credential{caller: c, secret: secret, active: record.Active}, nil
}

// Issue draws credentials for a session and seals its token; packed is the percentage of a token's room that is used, 0 if no
// session policies and tags were passed. ErrPackedTooLarge if it is over 100. Issue neither reads nor writes anything: call it before
// an update, or after it.
func (g *Registry) Issue(s Session) (c Credentials, packed int, err error) {
	id, secret := newAccessKeyID("ASIA", s.Account), NewSecret()
	if _, err := g.newSealedSession(&s, id, secret); err != nil {
		return Credentials{}, 0, err
	}
	if s.Issued.IsZero() || !s.Expires.After(s.Issued) {
		return Credentials{}, 0, errors.New("a session needs a time of issue and a later one of expiry")
	}
	token, packed, err := g.ring.sealToken(&s, id, secret)
	if err != nil {
		return Credentials{}, packed, err
	}
	if !s.HasPolicies() && len(s.Tags) == 0 {
		packed = 0
	}
	return Credentials{AccessKeyID: id, Secret: secret, SessionToken: token, Expires: s.Expires}, packed, nil
}

// Assume returns the caller that holds a session, without credentials: for what acts with a role inside this server.
func (g *Registry) Assume(s Session) (*Caller, error) {
	sealed, err := g.newSealedSession(&s, "", Secret{})
	if err != nil {
		return nil, err
	}
	return sealed.caller, nil
}
