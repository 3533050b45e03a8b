package identity

import (
	"errors"
	"sync"
	"time"
)

// SecondFactor reports whether a code is the present one of a device that the user with that unique id has. A code counts once:
// a second look at the same code finds it wrong.
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
	present := stepAt(now) + d.Offset
	for step := present - codeSteps; step <= present+codeSteps; step++ {
		if step > d.Last && sameCode(codeAt(seed, step), code) {
			return r.registry.codes.take(serial, step, stepAt(now)), nil
		}
	}
	return false, nil
}

// takenCodes remembers in memory which step of a device gave the last code, for calls that write nothing. What is older than any
// device's clock can be off needs no memory.
type takenCodes struct {
	mu   sync.Mutex
	last map[string]int64
}

// maxTaken bounds how many devices are remembered before those of the past are forgotten.
const maxTaken = 4096

// take reports whether the step is later than every one that was taken of the device, and takes it.
func (c *takenCodes) take(serial string, step, now int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last, known := c.last[serial]; known && step <= last {
		return false
	}
	if c.last == nil {
		c.last = map[string]int64{}
	}
	if len(c.last) >= maxTaken {
		for other, last := range c.last {
			if last < now-2*synchroniseSteps {
				delete(c.last, other)
			}
		}
	}
	c.last[serial] = step
	return true
}
