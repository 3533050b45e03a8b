package identity

// SealValue encrypts a secret that a service keeps in a record of its own in the account. name says which one it is, and is needed to
// open it. It draws nothing: only the same secret under the same name is ever sealed alike.
func (t Tx) SealValue(name string, s Secret) []byte {
	return t.registry.ring.sealSecret(t.account, valueLabel(name), s)
}

// OpenValue returns what SealValue was given in the account that r reads. The error wraps ErrDamaged.
func (r Reader) OpenValue(name string, sealed []byte) (Secret, error) {
	return r.registry.ring.openSecret(r.account, valueLabel(name), sealed)
}

// valueLabel keeps the names of values apart from the ids of keys and credentials.
func valueLabel(name string) AccessKeyID { return AccessKeyID("value\x00" + name) }
