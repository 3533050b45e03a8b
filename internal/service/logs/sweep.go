package logs

import (
	"context"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// sweepPiece is how many records go in one update.
const sweepPiece = 512

// expiredPiece is how many expired events go with each batch that comes: more than come on average, so that a group does not grow.
const expiredPiece = 128

// dropExpired removes some of the events that have expired. Nobody reads them any more: this is for the room that they take.
func dropExpired(tx store.Tx, g group, now time.Time, count *counter) error {
	oldest := g.oldest(now)
	if oldest == 0 {
		return nil
	}
	prefix := eventPrefix(g.ID)
	pairs, _ := tx.Scan(prefix, "", expiredPiece)
	for _, pair := range pairs {
		at, err := positionIn(pair.Key, prefix)
		if err != nil {
			return err
		}
		if at.time >= oldest {
			return nil
		}
		e, err := eventOf(at, pair.Value)
		if err != nil {
			return err
		}
		deleteEvent(tx, g.ID, &e)
		count.Bytes = max(0, count.Bytes-e.bytes())
	}
	return nil
}

// sweep removes what deleted groups and streams left in a region: of what was deleted just now, and of what was deleted by a server that
// died before it came to that. It is tidying: nobody finds these events any more, and what fails is tried after the next deletion.
func sweep(c *service.Call, p place) {
	ctx := context.Background()
	s, err := c.Planes.Store("logs", p.account, p.region)
	if err != nil {
		return
	}
	// The order matters: streams are written only while their group exists, so whoever has streams by now and no group any more is gone.
	ids, err := groupsIn(ctx, s)
	if err != nil {
		return
	}
	live := map[string]bool{}
	err = c.Identities.View(ctx, p.account, func(r identity.Reader) error {
		clear(live)
		for _, id := range ids {
			live[id] = false
		}
		page, err := allGroups(r, p.region)
		for _, g := range page {
			live[g.ID] = true
		}
		return err
	})
	for _, id := range ids {
		for more := err == nil; more && err == nil; {
			_, err = s.Update(ctx, space, func(tx store.Tx) (err error) {
				if live[id] {
					more, err = sweepStreams(tx, id)
				} else {
					more = sweepGroup(tx, id)
				}
				return err
			})
		}
	}
}

// groupsIn returns the ids of all groups that have streams or events in a store.
func groupsIn(ctx context.Context, s store.Store) (ids []string, err error) {
	err = s.View(ctx, space, func(r store.Reader) error {
		ids = nil
		for key := range store.All(r, "c") {
			ids = append(ids, key[1:])
		}
		return nil
	})
	return ids, err
}

// sweepGroup removes some of what a deleted group left, its counter last, and reports whether there is more.
func sweepGroup(tx store.Tx, group string) (more bool) {
	for _, prefix := range []string{streamPrefix(group), namePrefix(group), lastPrefix(group), eventPrefix(group), "x" + group} {
		pairs, _ := tx.Scan(prefix, "", sweepPiece)
		for _, pair := range pairs {
			tx.Delete(pair.Key)
		}
		if len(pairs) > 0 {
			return true
		}
	}
	tx.Delete(counterKey(group))
	return false
}

// sweepStreams removes some of the events of a deleted stream of a group, and reports whether there may be more.
func sweepStreams(tx store.Tx, group string) (more bool, err error) {
	all := "x" + group
	after := ""
	for {
		pairs, _ := tx.Scan(all, after, 1)
		if len(pairs) == 0 {
			return false, nil
		}
		prefix := pairs[0].Key[:len(all)+8]
		if _, live := tx.Get("n" + prefix[1:]); live {
			after = prefix + "\xff\xff\xff\xff\xff\xff\xff\xff\xff" // behind all events of the stream
			continue
		}
		return true, sweepStream(tx, group, prefix)
	}
}

// sweepStream removes some of the events whose keys begin with a prefix.
func sweepStream(tx store.Tx, group, prefix string) error {
	count, err := readCounter(tx, group)
	if err != nil {
		return err
	}
	pairs, _ := tx.Scan(prefix, "", sweepPiece)
	for _, pair := range pairs {
		at, err := positionIn(pair.Key, prefix)
		if err != nil {
			return err
		}
		if value, ok := tx.Get(at.under(eventPrefix(group))); ok {
			e, err := eventOf(at, value)
			if err != nil {
				return err
			}
			count.Bytes = max(0, count.Bytes-e.bytes())
		}
		tx.Delete(at.under(eventPrefix(group)))
		tx.Delete(pair.Key)
	}
	return writeCounter(tx, group, count)
}
