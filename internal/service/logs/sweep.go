package logs

import (
	"context"
	"sync"
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

// A sweeper tidies regions, each by one goroutine at a time however much is deleted meanwhile.
type sweeper struct {
	mu   sync.Mutex
	busy map[swept]bool // by what is swept now: whether something was deleted there since that began
}

// A swept is a region in the data that there are: a reset has others.
type swept struct {
	planes          service.Planes
	account, region string
}

// deleted has the region of a call swept, which has deleted something there.
func (s *sweeper) deleted(c *service.Call, p place) {
	of := swept{c.Planes, p.account, p.region}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, isBusy := s.busy[of]
	if s.busy[of] = isBusy; isBusy {
		return
	}
	go func() {
		for again := true; again; again = s.again(of) {
			sweep(c, p)
		}
	}()
}

// again reports whether a region must be swept once more, and else notes that nobody sweeps it.
func (s *sweeper) again(of swept) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	again := s.busy[of]
	if s.busy[of] = false; !again {
		delete(s.busy, of)
	}
	return again
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
	if err != nil {
		return
	}
	for _, id := range ids {
		if live[id] {
			err = sweepStreams(ctx, s, id)
		} else {
			err = sweepAll(ctx, s, func(tx store.Tx) (bool, error) { return sweepGroup(tx, id), nil })
		}
		if err != nil {
			return
		}
	}
}

// sweepAll removes a piece with each update, while there is more.
func sweepAll(ctx context.Context, s store.Store, remove func(store.Tx) (more bool, err error)) error {
	for more := true; more; {
		_, err := s.Update(ctx, space, func(tx store.Tx) (err error) {
			more, err = remove(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
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

// sweepStreams removes the events of the deleted streams of a group. They are looked for without delaying anybody who writes.
func sweepStreams(ctx context.Context, s store.Store, group string) error {
	var dead []string
	err := s.View(ctx, space, func(r store.Reader) error {
		dead = deadStreams(r, group)
		return nil
	})
	for _, prefix := range dead {
		if err == nil {
			err = sweepAll(ctx, s, func(tx store.Tx) (bool, error) { return sweepStream(tx, group, prefix) })
		}
	}
	return err
}

// deadStreams returns what the keys of events begin with whose streams are deleted. A stream's id is never given again.
func deadStreams(r store.Reader, group string) (prefixes []string) {
	all := "x" + group
	for after := ""; ; {
		pairs, _ := r.Scan(all, after, 1)
		if len(pairs) == 0 {
			return prefixes
		}
		prefix := pairs[0].Key[:len(all)+8]
		if _, live := r.Get("n" + prefix[1:]); !live {
			prefixes = append(prefixes, prefix)
		}
		after = prefix + "\xff\xff\xff\xff\xff\xff\xff\xff\xff" // behind all events of the stream
	}
}

// sweepStream removes some of the events whose keys begin with a prefix, and reports whether there may be more.
func sweepStream(tx store.Tx, group, prefix string) (more bool, err error) {
	count, err := readCounter(tx, group)
	if err != nil {
		return false, err
	}
	pairs, more := tx.Scan(prefix, "", sweepPiece)
	for _, pair := range pairs {
		at, err := positionIn(pair.Key, prefix)
		if err != nil {
			return false, err
		}
		if value, ok := tx.Get(at.under(eventPrefix(group))); ok {
			e, err := eventOf(at, value)
			if err != nil {
				return false, err
			}
			count.Bytes = max(0, count.Bytes-e.bytes())
		}
		tx.Delete(at.under(eventPrefix(group)))
		tx.Delete(pair.Key)
	}
	return more, writeCounter(tx, group, count)
}
