package dynamodb

import (
	"bytes"
	"sync"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// A knownTable is a table as it is stored, and what calls on its items need of that, worked out once. It is immutable.
type knownTable struct {
	table  table
	schema *item.Schema
	layer  *policy.Layer // its policy as it is judged; nil for none
	stored []byte
}

// knownTables keep the tables that are read again and again: to read one takes longer than to find an item in it. What is stored is
// compared each time, so that a table which has changed is never found as it was. They are safe for concurrent use.
type knownTables struct {
	policies policies
	mu       sync.RWMutex
	known    map[place]*knownTable
}

// maxKnown is how many are kept. All are forgotten when there are more.
const maxKnown = 1024

func newKnownTables() *knownTables {
	return &knownTables{policies: newPolicies(), known: map[place]*knownTable{}}
}

// read returns the table at a place; nil if there is none.
func (k *knownTables) read(r identity.Reader, p place) (*knownTable, error) {
	stored, exists := r.In(p.account).Store().Get(tablePrefix(p.region) + p.name)
	if !exists {
		return nil, nil
	}
	k.mu.RLock()
	known := k.known[p]
	k.mu.RUnlock()
	if known != nil && bytes.Equal(known.stored, stored) {
		return known, nil
	}
	made, err := k.make(p.name, stored)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= maxKnown {
		clear(k.known)
	}
	k.known[p] = made
	return made, nil
}

func (k *knownTables) make(name string, stored []byte) (made *knownTable, err error) {
	made = &knownTable{stored: bytes.Clone(stored)}
	if made.table, err = parseTable(name, stored); err != nil {
		return nil, err
	}
	if made.schema, err = made.table.schema(); err != nil {
		return nil, err
	}
	made.layer, err = k.policies.layer(made.table)
	return made, err
}

// find returns the table that a call names by TableName, nil if there is none, and where it is.
func (k *knownTables) find(c *service.Call, r identity.Reader, name string) (*knownTable, place, error) {
	p, ok := placeOf(c, name)
	if !ok {
		return nil, p, nil
	}
	found, err := k.read(r, p)
	return found, p, err
}
