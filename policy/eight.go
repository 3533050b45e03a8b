package policy

// Text is read eight bytes at a time where it pays. The first byte of the eight
// is the lowest. What these functions mark is the highest bit of a byte.

const (
	eachByte = 0x0101010101010101
	eachHigh = 0x80 * eachByte
)

// eight returns the eight bytes of the text at i.
func eight(text string, i int) uint64 {
	b := text[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// stops marks bytes that quotedBytewise must look at: a quote, a backslash, a
// control character, and what is not ASCII. The lowest mark is exact; a higher
// one may be a mistake, owed to the borrow of a subtraction.
func stops(x uint64) uint64 {
	quote, backslash := x^'"'*eachByte, x^'\\'*eachByte
	return ((quote-eachByte)&^quote | (backslash-eachByte)&^backslash | (x-' '*eachByte)&^x | x) & eachHigh
}

// equal marks the bytes that are c.
func equal(x uint64, c byte) uint64 {
	x ^= uint64(c) * eachByte
	return ^((x&^eachHigh + ^uint64(eachHigh)) | x) & eachHigh
}

// lower makes small letters of A to Z.
func lower(x uint64) uint64 {
	low := x &^ eachHigh
	fromA := low + (0x80-'A')*eachByte
	aboveZ := low + (0x7F-'Z')*eachByte
	return x | (fromA&^aboveZ&^x&eachHigh)>>2
}
