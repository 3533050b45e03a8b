//go:build race

package policy_test

// slower is by how much the race detector slows a program down, at worst.
const slower = 15
