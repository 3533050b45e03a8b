package soak_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
)

// absent is the value of what does not exist.
const absent = ""

// A cell is what one client knows of one thing that only it changes: the value that was acknowledged last, and the one that it asked
// for since and heard nothing of.
type cell struct {
	value, asked string
	unheard      bool
}

// settle takes over what is there, if it may be.
func (c *cell) settle(there string) error {
	if there != c.value && (!c.unheard || there != c.asked) {
		if c.unheard {
			return fmt.Errorf("%q is there; %q was acknowledged, and %q asked for", there, c.value, c.asked)
		}
		return fmt.Errorf("%q is there, and %q was acknowledged", there, c.value)
	}
	c.value, c.unheard = there, false
	return nil
}

// Cells are the things of one client, or of all of one kind. They are safe for concurrent use.
type cells struct {
	mu sync.Mutex
	of map[string]*cell
}

func newCells() *cells { return &cells{of: map[string]*cell{}} }

// change has a value changed by a function, whose success acknowledges it. What a server said no to did not happen.
func (c *cells) change(value string, do func() error, keys ...string) error {
	c.mu.Lock()
	for _, key := range keys {
		if c.of[key] == nil {
			c.of[key] = &cell{}
		}
		c.of[key].asked, c.of[key].unheard = value, true
	}
	c.mu.Unlock()
	err := do()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range keys {
		if err == nil {
			c.of[key].value, c.of[key].unheard = value, false
		}
	}
	return err
}

func (c *cells) value(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of[key] == nil {
		return absent
	}
	return c.of[key].value
}

// settle compares everything that is there with everything that was acknowledged.
func (c *cells) settle(what string, there map[string]string) (wrong []error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	keys := slices.Collect(maps.Keys(there))
	for key := range c.of {
		if _, ok := there[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		if c.of[key] == nil {
			wrong = append(wrong, fmt.Errorf("%s %s: nobody asked for it", what, key))
			continue
		}
		if err := c.of[key].settle(there[key]); err != nil {
			wrong = append(wrong, fmt.Errorf("%s %s: %w", what, key, err))
		}
	}
	return wrong
}

// one of several.
func one[T any](of ...T) T { return of[rand.IntN(len(of))] }
