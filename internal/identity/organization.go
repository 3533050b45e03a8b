package identity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// spaceOrganization has the places of accounts, and the documents of their control policies.
const spaceOrganization store.Space = "organization"

// An Organization is the place of an account in its organization. The zero Organization is that of an account in none.
type Organization struct {
	ID         string          // o-…; empty outside of organizations
	Path       string          // aws:PrincipalOrgPaths: "o-…/r-…/ou-…/"
	Management string          // the account that manages it
	SCPs       []*policy.Layer // for each level from the root to the account
	RCPs       []*policy.Layer
	Uses       ContextKeys // the keys that the policies look at
}

// A Placement says where in an organization an account is. It is what is stored; Organization is what is made of it.
type Placement struct {
	Organization string  // o-…
	Path         string  // "o-…/r-…/ou-…/"
	Management   string  // the account that manages the organization
	Levels       []Level // from the root of the organization down to the account
}

// A Level is the control policies that are attached to the root, to a unit, or to the account.
type Level struct {
	SCPs []ControlPolicy
	RCPs []ControlPolicy // without RCPFullAWSAccess
}

// A ControlPolicy is a service or resource control policy.
type ControlPolicy struct {
	Name     string
	ARN      string
	Document *policy.Document
}

type placementRecord struct {
	Organization string        `json:"organization"`
	Path         string        `json:"path"`
	Management   string        `json:"management"`
	Levels       []levelRecord `json:"levels"`
}

type levelRecord struct {
	SCPs []controlRecord `json:"scps,omitempty"`
	RCPs []controlRecord `json:"rcps,omitempty"`
}

type controlRecord struct {
	Name     string `json:"name"`
	ARN      string `json:"arn"`
	Document Digest `json:"document"`
}

func placementKey(account string) string { return "account/" + account }

// Place puts an account into an organization, or to another place in it; nil takes it out.
func (g *Registry) Place(ctx context.Context, account string, p *Placement) error {
	return g.Update(ctx, string(spaceOrganization), func(t Tx) error { return t.putPlacement(account, p) })
}

// PlaceAll puts these accounts to their places and takes all others out, in one step.
func (g *Registry) PlaceAll(ctx context.Context, placements map[string]*Placement) error {
	return g.Update(ctx, string(spaceOrganization), func(t Tx) error {
		var gone []string
		for key := range store.All(t.tx, placementKey("")) {
			if account := strings.TrimPrefix(key, placementKey("")); placements[account] == nil {
				gone = append(gone, account)
			}
		}
		for _, account := range gone {
			if err := t.putPlacement(account, nil); err != nil {
				return err
			}
		}
		for _, account := range slices.Sorted(maps.Keys(placements)) {
			if err := t.putPlacement(account, placements[account]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t Tx) putPlacement(account string, p *Placement) error {
	old, found, err := get[placementRecord](t.tx, placementKey(account))
	if err != nil {
		return err
	}
	if p != nil {
		record := placementRecord{Organization: p.Organization, Path: p.Path, Management: p.Management}
		for _, l := range p.Levels {
			scps, err := t.holdControls(l.SCPs)
			if err != nil {
				return err
			}
			rcps, err := t.holdControls(l.RCPs)
			if err != nil {
				return err
			}
			record.Levels = append(record.Levels, levelRecord{scps, rcps})
		}
		put(t.tx, placementKey(account), record)
	} else {
		t.tx.Delete(placementKey(account))
	}
	if !found {
		return nil
	}
	return t.releaseControls(old)
}

func (t Tx) holdControls(list []ControlPolicy) ([]controlRecord, error) {
	var records []controlRecord
	for _, p := range list {
		d, err := t.hold(p.Document.Text())
		if err != nil {
			return nil, err
		}
		records = append(records, controlRecord{p.Name, p.ARN, d})
	}
	return records, nil
}

func (t Tx) releaseControls(record placementRecord) error {
	for _, l := range record.Levels {
		for _, list := range [][]controlRecord{l.SCPs, l.RCPs} {
			for _, p := range list {
				if err := t.release(p.Document); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// none is the place of every account that is in no organization. It is never changed.
var none = &Organization{}

// Organization returns the place of an account, in the state of r, or in the committed state if r is nil. It is never nil
// without an error. An account without a placement is in no organization.
func (g *Registry) Organization(ctx context.Context, r store.Reader, account string) (*Organization, error) {
	if account == "" || r == nil && g.views.unplaced.Load() {
		return none, nil
	}
	if r != nil {
		r = r.Foreign(spaceOrganization)
		if r.Revision() == 0 {
			return none, nil // no account was ever placed
		}
		if o := g.views.place(account, r.Revision()); o != nil {
			return o, nil
		}
		return g.Read(string(spaceOrganization), r).place(account)
	}
	if o := g.views.place(account, anyRevision); o != nil {
		return o, nil
	}
	var o *Organization
	err := g.store.View(ctx, spaceOrganization, func(r store.Reader) (err error) {
		if o, err = g.Read(string(spaceOrganization), r).place(account); err == nil {
			g.views.putPlace(account, r.Revision(), o)
		}
		return err
	})
	return o, err
}

// place compiles the placement of an account.
func (r Reader) place(account string) (*Organization, error) {
	record, found, err := get[placementRecord](r.store, placementKey(account))
	if err != nil || !found {
		return none, err
	}
	o := &Organization{ID: record.Organization, Path: record.Path, Management: record.Management}
	for _, l := range record.Levels {
		scps, err := r.controls(l.SCPs, &o.Uses)
		if err != nil {
			return nil, fmt.Errorf("service control policies: %w", err)
		}
		o.SCPs = append(o.SCPs, scps)
		if len(l.RCPs) == 0 {
			continue
		}
		rcps, err := r.controls(l.RCPs, &o.Uses)
		if err != nil {
			return nil, fmt.Errorf("resource control policies: %w", err)
		}
		o.RCPs = append(o.RCPs, rcps)
	}
	return o, nil
}

func (r Reader) controls(list []controlRecord, uses *ContextKeys) (*policy.Layer, error) {
	var policies []policy.Policy
	for _, p := range list {
		c, err := r.compiled(p.Document)
		if err != nil {
			return nil, err
		}
		policies = append(policies, policy.Policy{Document: c.Document, Name: p.Name, ARN: p.ARN})
		*uses |= c.Uses
	}
	return policy.NewLayer(policies...), nil
}

// anyRevision asks for what is cached whatever it was made of.
const anyRevision = ^uint64(0)

func (c *viewCache) place(account string, revision uint64) *Organization {
	if l := c.lastPlace.Load(); l != nil && l.account == account && (revision == anyRevision || revision == l.at) {
		return l.organization
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	if revision != anyRevision && revision != c.placesAt {
		return nil
	}
	p := c.places[account]
	if p == nil {
		return nil
	}
	c.lastPlace.Store(p) // holding c.mu: follow cannot have forgotten it meanwhile
	return p.organization
}

// A place is what is known of where an account is.
type place struct {
	account      string
	at           uint64 // revision of the organization space
	organization *Organization
}

func (c *viewCache) putPlace(account string, revision uint64, o *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if revision < c.placesAt {
		return
	}
	if len(c.places) == 0 {
		c.placesAt = max(c.placesAt, revision)
	}
	if len(c.places) >= maxPlaces {
		clear(c.places)
	}
	account = strings.Clone(account)
	c.places[account] = &place{account, c.placesAt, o}
}
