package policy

import "encoding/base64"

// A blob is a value of BinaryEquals: base64 text that stands for bytes.
type blob struct {
	bytes  string
	source string
	ok     bool // source is base64
	pos    uint32
}

func newBlob(source string, pos int) blob {
	b, err := base64.StdEncoding.DecodeString(source)
	return blob{bytes: string(b), source: source, ok: err == nil, pos: uint32(pos)}
}

func binaryMatches(values []blob, v string) bool {
	got, err := base64.StdEncoding.DecodeString(v)
	if err != nil {
		return false
	}
	for i := range values {
		if values[i].ok && values[i].bytes == string(got) {
			return true
		}
	}
	return false
}
