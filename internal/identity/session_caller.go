package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// A sealedSession is an opened session token: what was worked out once serves all requests that carry it.
type sealedSession struct {
	secret  Secret
	caller  *Caller
	userID  string                    // of the caller
	used    atomic.Pointer[KeyUse]    // the use of the role that was noted last
	deliver []PrincipalTag            // the session's delivery keys
	inline  Compiled                  // the inline session policy, if there is one
	managed atomic.Pointer[sessionAt] // the layer of a session with managed policies, in the newest state it was asked for
}

type sessionAt struct {
	revision uint64 // of the account
	layer    sharedLayer
}

// newSealedSession makes the caller that holds a session. The session must not be changed any more.
func (g *Registry) newSealedSession(s *Session, id AccessKeyID, secret Secret) (*sealedSession, error) {
	p, entity, userID, err := g.sessionPrincipal(s)
	if err != nil {
		return nil, err
	}
	sealed := &sealedSession{secret: secret, userID: userID}
	for _, k := range s.Delivery {
		key, ok := deliveryKey(k.Key)
		if !ok {
			return nil, fmt.Errorf("no service delivers %.80q", k.Key)
		}
		sealed.deliver = append(sealed.deliver, PrincipalTag{key, k.Value})
	}
	if s.Policy != "" {
		document, err := policy.Parse(s.Policy)
		if err != nil {
			return nil, fmt.Errorf("session policy: %w", err)
		}
		sealed.inline = Compiled{Document: document, Uses: contextKeysOf(document)}
	}
	sealed.caller = &Caller{limited: s.HasPolicies(), Principal: p, AccessKeyID: id, Session: s, entity: entity, tags: principalTags(s.Tags), sealed: sealed}
	return sealed, nil
}

// sessionPrincipal says who a session is ("IAM identifiers" and "AWS global condition context keys", aws:userid).
func (g *Registry) sessionPrincipal(s *Session) (p policy.Principal, entity Ref, userID string, err error) {
	p = policy.Principal{Account: s.Account, ID: string(s.PrincipalID)}
	sts := "arn:" + g.partition + ":sts::" + s.Account + ":"
	if s.PrincipalName != "" {
		entity = Ref{KindUser, fold(s.PrincipalName)}
	}
	switch s.Kind {
	case AssumedRole:
		if s.PrincipalName == "" || s.PrincipalID == "" || s.Name == "" {
			return p, entity, "", errors.New("a role session needs a role and a name")
		}
		p.Type, p.RoleARN = policy.RoleSession, s.PrincipalARN
		p.ARN = sts + "assumed-role/" + s.PrincipalName + "/" + s.Name
		return p, Ref{KindRole, fold(s.PrincipalName)}, string(s.PrincipalID) + ":" + s.Name, nil
	case SessionToken:
		p.ARN = s.PrincipalARN
		if s.PrincipalName == "" {
			p.Type = policy.RootUser
			return p, entity, s.Account, nil
		}
		p.Type = policy.User
		return p, entity, string(s.PrincipalID), nil
	case FederationToken:
		p.Type, p.UserARN = policy.FederatedUser, s.PrincipalARN
		p.ARN = sts + "federated-user/" + s.Name
		return p, entity, s.Account + ":" + s.Name, nil
	}
	return policy.Principal{}, Ref{}, "", errors.New("unknown kind of session")
}

// renamed returns the caller of a session whose user has another name or path by now than when it was issued: the same one under
// the present ARN. Its old name may be somebody else's, who must not be taken for the caller.
func (g *Registry) renamed(c *Caller, v *View, token string) (*Caller, error) {
	if c.Session == nil || c.entity.Kind != KindUser || v == nil || v.ARN == c.Session.PrincipalARN {
		return c, nil
	}
	s := *c.Session
	s.PrincipalARN, s.PrincipalName = v.ARN, nameOf(v.ARN)
	sealed, err := g.newSealedSession(&s, c.AccessKeyID, c.sealed.secret)
	if err != nil {
		return nil, err
	}
	g.tokens.add(strings.Clone(token), sealed)
	return sealed.caller, nil
}

// sessionLayer returns the session policies: the inline one, and the managed ones as they are in the state of r.
func (g *Registry) sessionLayer(ctx context.Context, r store.Reader, c *Caller) (sharedLayer, error) {
	if len(c.Session.PolicyARNs) == 0 { // never changes
		if at := c.sealed.managed.Load(); at != nil {
			return at.layer, nil
		}
		layer := sharedLayer{policy.NewLayer(policy.Policy{Document: c.sealed.inline.Document}), c.sealed.inline.Uses}
		c.sealed.managed.Store(&sessionAt{0, layer})
		return layer, nil
	}
	return g.managedSessionLayer(ctx, r, c)
}

// managedSessionLayer is sessionLayer for a session with managed policies, which change.
func (g *Registry) managedSessionLayer(ctx context.Context, r store.Reader, c *Caller) (layer sharedLayer, err error) {
	account := store.Space(c.Session.Account)
	load := func(r store.Reader, keep bool) (sharedLayer, error) {
		revision := r.Revision()
		if at := c.sealed.managed.Load(); at != nil && at.revision == revision {
			return at.layer, nil
		}
		layer, err := loader{Reader: g.Read(string(account), r)}.sessionLayer(c)
		if err == nil && keep {
			c.sealed.managed.Store(&sessionAt{revision, layer})
		}
		return layer, err
	}
	if r != nil {
		return load(r.Foreign(account), false) // may hold what is not committed
	}
	err = g.store.View(ctx, account, func(r store.Reader) (err error) {
		layer, err = load(r, true)
		return err
	})
	return layer, err
}

// sessionLayer loads the session policies. A managed one that is gone permits nothing.
func (l loader) sessionLayer(c *Caller) (sharedLayer, error) {
	var policies []policy.Policy
	uses := c.sealed.inline.Uses
	if d := c.sealed.inline.Document; d != nil {
		policies = append(policies, policy.Policy{Document: d})
	}
	for _, arn := range c.Session.PolicyARNs {
		p, u, err := l.managedPolicy(arn)
		var missing *NotFoundError
		if errors.As(err, &missing) {
			p, err = policy.Policy{ARN: arn}, nil
		}
		if err != nil {
			return sharedLayer{}, err
		}
		policies, uses = append(policies, p), uses|u
	}
	return sharedLayer{policy.NewLayer(policies...), uses}, nil
}

// A tokenCache keeps opened session tokens, a bounded number of them, by the whole token.
type tokenCache struct {
	limit int // tokens per generation

	mu    sync.RWMutex
	young map[string]*sealedSession
	old   map[string]*sealedSession
}

func newTokenCache(limit int) *tokenCache {
	return &tokenCache{limit: max(1, limit/2), young: map[string]*sealedSession{}, old: map[string]*sealedSession{}}
}

func (c *tokenCache) get(token string) *sealedSession {
	c.mu.RLock()
	s := c.young[token]
	c.mu.RUnlock()
	if s != nil {
		return s
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s = c.old[token]; s != nil {
		delete(c.old, token)
		c.put(token, s)
	}
	return s
}

func (c *tokenCache) add(token string, s *sealedSession) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(token, s)
}

func (c *tokenCache) put(token string, s *sealedSession) {
	if len(c.young) >= c.limit {
		c.old, c.young = c.young, make(map[string]*sealedSession, c.limit)
	}
	c.young[token] = s
}
