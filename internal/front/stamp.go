package front

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	random "math/rand/v2"

	"github.com/ambit-iam/ambit/internal/wire"
)

// newStamp draws the id of an answer.
func newStamp() wire.Stamp { return wire.Stamp{RequestID: newID()} }

// newID draws a UUID. It tells requests and events apart and is no secret, so it need not be drawn where keys are: whoever asks about
// it must be allowed to.
func newID() string {
	var b [16]byte
	binary.NativeEndian.PutUint64(b[:8], random.Uint64())
	binary.NativeEndian.PutUint64(b[8:], random.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// newHostID draws what S3 calls the host id.
func newHostID() string {
	var b [48]byte
	rand.Read(b[:])
	return base64.StdEncoding.EncodeToString(b[:])
}
