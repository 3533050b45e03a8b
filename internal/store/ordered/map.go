// Package ordered decides the order of keys in memory: a map of strings in byte
// order whose every change makes a new map and leaves the old one as it was.
//
// It is a treap: a search tree by key that is also a heap by a random weight,
// which keeps it balanced whatever keys are chosen. A change copies the path to
// the key, O(log n) nodes, and shares the rest; so a snapshot is a copy of one
// pointer, and readers need no lock.
package ordered

import (
	"iter"
	"math/rand/v2"
)

// A Map is an immutable map from strings to values. The zero Map is empty.
type Map[V any] struct {
	root *node[V]
}

type node[V any] struct {
	left, right *node[V]
	weight      uint32 // at least the weight of both children
	key         string
	value       V
}

// Get returns the value of key, and whether there is one.
func (m Map[V]) Get(key string) (value V, ok bool) {
	for n := m.root; n != nil; {
		switch {
		case key < n.key:
			n = n.left
		case key > n.key:
			n = n.right
		default:
			return n.value, true
		}
	}
	return value, false
}

// Empty reports whether the map has no keys.
func (m Map[V]) Empty() bool { return m.root == nil }

// Set returns the map with key set to value.
func (m Map[V]) Set(key string, value V) Map[V] {
	return Map[V]{m.root.set(key, value)}
}

// Delete returns the map without key.
func (m Map[V]) Delete(key string) Map[V] {
	if _, ok := m.Get(key); !ok {
		return m // without copying a path for nothing
	}
	return Map[V]{m.root.delete(key)}
}

// Ascend returns the keys from from on, which is included, with their values,
// in order.
func (m Map[V]) Ascend(from string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { m.root.ascend(from, yield) }
}

// Descend returns the keys from from on, which is included, with their values,
// in descending order; the empty from is behind all keys.
func (m Map[V]) Descend(from string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { m.root.descend(from, yield) }
}

// set returns a copy of n with key set; the node returned is always a new one,
// so the caller may turn it.
func (n *node[V]) set(key string, value V) *node[V] {
	if n == nil {
		return &node[V]{weight: rand.Uint32(), key: key, value: value}
	}
	c := *n
	switch {
	case key < n.key:
		c.left = n.left.set(key, value)
		if l := c.left; l.weight > c.weight {
			c.left, l.right = l.right, &c
			return l
		}
	case key > n.key:
		c.right = n.right.set(key, value)
		if r := c.right; r.weight > c.weight {
			c.right, r.left = r.left, &c
			return r
		}
	default:
		c.value = value
	}
	return &c
}

// delete returns a copy of n without key, which it holds.
func (n *node[V]) delete(key string) *node[V] {
	c := *n
	switch {
	case key < n.key:
		c.left = n.left.delete(key)
	case key > n.key:
		c.right = n.right.delete(key)
	default:
		return join(n.left, n.right)
	}
	return &c
}

// join returns one tree of two, all keys of a being before all keys of b.
func join[V any](a, b *node[V]) *node[V] {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.weight >= b.weight:
		c := *a
		c.right = join(a.right, b)
		return &c
	default:
		c := *b
		c.left = join(a, b.left)
		return &c
	}
}

// ascend visits the keys of n from from on and reports whether to go on.
func (n *node[V]) ascend(from string, visit func(string, V) bool) bool {
	for n != nil {
		if n.key >= from {
			if !n.left.ascend(from, visit) || !visit(n.key, n.value) {
				return false
			}
		}
		n = n.right
	}
	return true
}

// descend visits the keys of n from from on downwards and reports whether to
// go on.
func (n *node[V]) descend(from string, visit func(string, V) bool) bool {
	for n != nil {
		if from == "" || n.key <= from {
			if !n.right.descend(from, visit) || !visit(n.key, n.value) {
				return false
			}
		}
		n = n.left
	}
	return true
}
