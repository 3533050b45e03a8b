package s3

import "encoding/binary"

// join returns the checksum of two pieces one after the other, of which the second is length bytes long. It works because a cyclic
// redundancy check is linear: a byte of zeros behind the first piece is a multiplication in the field of the polynomial.
func (a *algorithm) join(first, second []byte, length int64) []byte {
	width := a.length * 8
	x, y := bigEndian(first), bigEndian(second)
	square := make([]uint64, width) // the effect of one zero bit on each bit of a checksum, then of two, of four …
	square[0] = a.polynomial
	for i := 1; i < width; i++ {
		square[i] = 1 << (i - 1)
	}
	for n := uint64(length) * 8; n > 0; n >>= 1 {
		if n&1 == 1 {
			x = times(square, x)
		}
		next := make([]uint64, width)
		for i := range next {
			next[i] = times(square, square[i])
		}
		square = next
	}
	var sum [8]byte
	binary.BigEndian.PutUint64(sum[:], x^y)
	return append([]byte(nil), sum[8-a.length:]...)
}

func bigEndian(sum []byte) (n uint64) {
	for _, b := range sum {
		n = n<<8 | uint64(b)
	}
	return n
}

// times multiplies a matrix over bits with a vector.
func times(matrix []uint64, vector uint64) (sum uint64) {
	for i := 0; vector != 0; i, vector = i+1, vector>>1 {
		if vector&1 == 1 {
			sum ^= matrix[i]
		}
	}
	return sum
}
