//go:build !profile

package main

// startProfile does nothing in the command as it is shipped; see profile.go.
func startProfile() (end func()) { return func() {} }
