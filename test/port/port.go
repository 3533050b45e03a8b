// Package port decides where a server listens whose address a test must know before it starts.
package port

// Reserve returns a free address of this machine's loopback interface, "127.0.0.1:40001". Until release is called, nobody gets its
// port who asks for any: a server that asks for this very one does, also again after it was killed. Where the system cannot keep a
// port for that, as on all but Linux, it is free when it is returned and that is all.
func Reserve() (address string, release func(), err error) { return reserve() }
