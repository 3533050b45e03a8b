package dynamodb

import (
	"context"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// sweepPiece is how many records of deleted tables go in one update.
const sweepPiece = 512

// sweep removes what deleted tables left in a region: of the one that was deleted just now, and of those whose server died before
// it came to that. It is tidying: nobody finds these items any more, and what fails is tried after the next deletion.
func sweep(c *service.Call, p place) {
	ctx := context.Background()
	s, err := c.Planes.Store("dynamodb", p.account, p.region)
	if err != nil {
		return
	}
	// The order matters: items are written only while their table exists, so whoever has items by now and no table any more is gone.
	ids, err := idsIn(ctx, s)
	if err != nil {
		return
	}
	live := map[string]bool{}
	err = c.Identities.View(ctx, p.account, func(r identity.Reader) error {
		tables, err := readTables(r, p.region)
		for _, t := range tables {
			schema, err := t.schema()
			if err != nil {
				return err
			}
			live[schema.ID] = true
		}
		return err
	})
	live[tokenID] = true
	for _, id := range ids {
		for more := !live[id]; more && err == nil; {
			_, err = s.Update(ctx, item.Space, func(tx store.Tx) error {
				more = item.Sweep(id, tx, sweepPiece)
				return nil
			})
		}
	}
}

// idLength is the length of a table's id in keys.
const idLength = 16

// idsIn returns the ids of all tables that have records in a store.
func idsIn(ctx context.Context, s store.Store) (ids []string, err error) {
	err = s.View(ctx, item.Space, func(r store.Reader) error {
		after := ""
		for {
			pairs, _ := r.Scan("", after, 1)
			if len(pairs) == 0 {
				return nil
			}
			id := item.TableOf(pairs[0].Key, idLength)
			ids = append(ids, id)
			after = id + "\xff" // behind all of the table
		}
	})
	return ids, err
}
