//go:build !race

package policy_test

const slower = 1
