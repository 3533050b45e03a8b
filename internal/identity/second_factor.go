package identity

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// How many wrong codes of a device are heard (RFC 4226 section 7.3): freeGuesses at once, and then one for each guessInterval. Three of
// a million codes are right at any time, so that guessing without a pause has an even chance after thirteen years. Once the guessing
// ends, the device is heard again within guessInterval.
const (
	freeGuesses   = 10
	guessInterval = 30 * time.Minute
)

// SecondFactor reports whether a code is the present one of a device that the user with that unique id has. A code counts once:
// a second look at the same code finds it wrong. After too many wrong codes it is ErrTooManyCodes, whatever the code.
func (r Reader) SecondFactor(user UniqueID, serial, code string, now time.Time) (bool, error) {
	d, err := r.mfaRecord(serial)
	var missing *NotFoundError
	if errors.As(err, &missing) || err == nil && (user == "" || d.User != user) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	seed, err := r.seed(d)
	if err != nil {
		return false, err
	}
	return r.registry.codes.hear(d, code, now, func(spent int64) (int64, bool) {
		present := stepAt(now) + d.Offset
		for step := present - codeSteps; step <= present+codeSteps; step++ {
			if step > spent && sameCode(codeAt(seed, step), code) {
				return step, true
			}
		}
		return 0, false
	})
}

// heardCodes remembers in memory what became of the codes of devices: which step gave the last one that was taken, for calls that
// write nothing, and how many wrong ones there were.
type heardCodes struct {
	start time.Time // what was heard before is not remembered

	mu      sync.Mutex
	devices map[string]heard
	sweep   int // how many devices may be remembered before those of the past are forgotten
}

// heard is what is remembered of one device.
type heard struct {
	last  int64     // the step of the last code that was taken
	clear time.Time // when all wrong codes are forgiven
	wrong attempt   // the last one
}

// An attempt is made with a code, or two. The store may have a function run again: that is no other attempt.
type attempt struct {
	code string
	at   time.Time
}

// minSweep is how many devices are remembered without a look at their age.
const minSweep = 4096

// hear has find look for the step that gave a code, later than that of every code that is spent, and takes it; zero takes none. It is
// ErrTooManyCodes, and find is not asked, while there are too many wrong ones.
func (c *heardCodes) hear(d mfaRecord, code string, now time.Time, find func(spent int64) (int64, bool)) (bool, error) {
	// A device of the same name that is made later has another seed: what was heard of this one does not concern it.
	key := fmt.Sprintf("%s %d", d.Serial, d.Created.UnixNano())
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.devices[key]
	switch {
	case h.wrong == (attempt{code, now}):
		return false, nil
	case h.clear.Sub(now) > (freeGuesses-1)*guessInterval:
		return false, ErrTooManyCodes
	}
	step, ok := find(max(d.Last, h.last, c.before(d)))
	if ok {
		h.last = max(h.last, step)
	} else {
		if h.clear.Before(now) {
			h.clear = now
		}
		h.clear, h.wrong = h.clear.Add(guessInterval), attempt{code, now}
	}
	c.remember(key, h, now)
	return ok, nil
}

// before is the last step whose code can have been taken before the start, without a note of it in the store.
func (c *heardCodes) before(d mfaRecord) int64 {
	if d.Enabled.IsZero() || !d.Enabled.Before(c.start) {
		return 0
	}
	return stepAt(c.start) + d.Offset + codeSteps
}

func (c *heardCodes) remember(key string, h heard, now time.Time) {
	if c.devices == nil {
		c.devices = map[string]heard{}
	}
	c.devices[key] = h
	if len(c.devices) <= max(c.sweep, minSweep) {
		return
	}
	for other, h := range c.devices {
		// What is older than any device's clock can be off needs no memory.
		if h.last < stepAt(now)-2*synchroniseSteps && !h.clear.After(now) {
			delete(c.devices, other)
		}
	}
	c.sweep = 2 * len(c.devices)
}
