package dynamodb

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A table is what is stored of one, in its account.
type table struct {
	Name               string         `json:"name"`
	ID                 string         `json:"id"` // a UUID, which its items stand under
	Created            time.Time      `json:"created"`
	Attributes         []definition   `json:"attributes"`
	Key                []keyElement   `json:"key"`
	OnDemand           bool           `json:"onDemand,omitempty"`
	OnDemandSince      time.Time      `json:"onDemandSince,omitzero"`
	Throughput         throughput     `json:"throughput,omitzero"`
	Local              []index        `json:"local,omitempty"`
	Global             []index        `json:"global,omitempty"`
	NextIndex          byte           `json:"nextIndex,omitempty"` // the id of the next index that is made
	Class              string         `json:"class,omitempty"`
	DeletionProtection bool           `json:"deletionProtection,omitempty"`
	Tags               []identity.Tag `json:"tags,omitempty"`
	Expires            string         `json:"expires,omitempty"` // the attribute that says when an item may go
	Policy             *tablePolicy   `json:"policy,omitempty"`
}

// A definition is an attribute of a key with its type.
type definition struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// A keyElement is an attribute of a key and which of the two it is.
type keyElement struct {
	Name string `json:"name"`
	Type string `json:"type"` // HASH, RANGE
}

// A throughput is provisioned capacity.
type throughput struct {
	Read  int64 `json:"read"`
	Write int64 `json:"write"`
}

// An index is a secondary index of a table.
type index struct {
	ID         byte         `json:"id"`
	Name       string       `json:"name"`
	Key        []keyElement `json:"key"`
	Projection string       `json:"projection"` // ALL, KEYS_ONLY, INCLUDE
	Include    []string     `json:"include,omitempty"`
	Throughput throughput   `json:"throughput,omitzero"`
	Building   bool         `json:"building,omitempty"` // items that were there before the index are not all in it yet
}

// tablePrefix is what the keys of all tables of a region begin with.
func tablePrefix(region string) string { return "dynamodb:table/" + region + "/" }

// readTable returns a table of the account that r reads, and whether there is one.
func readTable(r identity.Reader, region, name string) (t table, exists bool, err error) {
	value, exists := r.Store().Get(tablePrefix(region) + name)
	if !exists {
		return table{}, false, nil
	}
	t, err = parseTable(name, value)
	return t, err == nil, err
}

func parseTable(name string, stored []byte) (t table, err error) {
	if err := json.Unmarshal(stored, &t); err != nil {
		return table{}, fmt.Errorf("table %s: %w", name, err)
	}
	return t, nil
}

// readTables returns all tables of a region.
func readTables(r identity.Reader, region string) ([]table, error) {
	var tables []table
	for key, value := range store.All(r.Store(), tablePrefix(region)) {
		var t table
		if err := json.Unmarshal(value, &t); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func writeTable(tx identity.Tx, region string, t table) error {
	value, err := json.Marshal(t)
	if err != nil {
		return err
	}
	tx.Store().Put(tablePrefix(region)+t.Name, value)
	return nil
}

// A place is where a table is, whether there is one or not.
type place struct{ partition, account, region, name string }

func (p place) arn() string {
	return "arn:" + p.partition + ":dynamodb:" + p.region + ":" + p.account + ":table/" + p.name
}

// placeOf reads what TableName may be: a name in the caller's account, or an ARN. ok is false for what names no table that this
// region could have.
func placeOf(c *service.Call, name string) (p place, ok bool) {
	p = place{partition: c.Identities.Partition(), account: c.Account(), region: c.Environment.Region, name: name}
	if !strings.HasPrefix(name, "arn:") {
		return p, true
	}
	a, err := arn.Parse(name)
	if err != nil || a.Service != "dynamodb" || a.Partition != p.partition || a.Region != p.region || !arn.IsAccountID(a.Account) {
		return p, false
	}
	named, isTable := strings.CutPrefix(a.Resource, "table/")
	p.account, p.name = a.Account, named
	return p, isTable && !strings.Contains(named, "/")
}

// find returns the table that a call names by TableName, and where it is.
func find(c *service.Call, r identity.Reader, name string) (t table, p place, exists bool, err error) {
	p, ok := placeOf(c, name)
	if !ok {
		return table{}, p, false, nil
	}
	t, exists, err = readTable(r.In(p.account), p.region, p.name)
	return t, p, exists, err
}

// schema is the table as package item needs it.
func (t *table) schema() (*item.Schema, error) {
	id, err := hex.DecodeString(strings.ReplaceAll(t.ID, "-", ""))
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", t.Name, err)
	}
	s := &item.Schema{ID: string(id), Key: t.keyOf(t.Key)}
	for i, list := range [][]index{t.Local, t.Global} {
		for _, x := range list {
			s.Indexes = append(s.Indexes, item.Index{ID: x.ID, Name: x.Name, Local: i == 0, Key: t.keyOf(x.Key),
				Projection: item.Projection{All: x.Projection == "ALL", Include: x.Include}})
		}
	}
	return s, nil
}

func (t *table) keyOf(elements []keyElement) (k item.Key) {
	for _, e := range elements {
		a := item.KeyAttribute{Name: e.Name}
		for _, d := range t.Attributes {
			if d.Name == e.Name {
				a.Kind, _ = item.KindOf(d.Type)
			}
		}
		if e.Type == "HASH" {
			k.Partition = append(k.Partition, a)
		} else {
			k.Sort = append(k.Sort, a)
		}
	}
	return k
}

// newID draws a UUID out of random bytes.
func newID(random [16]byte) string {
	random[6], random[8] = random[6]&0x0f|0x40, random[8]&0x3f|0x80
	h := hex.EncodeToString(random[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
