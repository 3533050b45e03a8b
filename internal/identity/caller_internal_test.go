package identity

import (
	"testing"
	"unsafe"
)

// Memory comes in pieces of 256 bytes that begin with a line of cache; what is a little larger comes in others, that do not.
func TestCallerLines(t *testing.T) {
	t.Parallel()
	var c Caller
	if size := unsafe.Sizeof(c); size <= 240 || size > 256 {
		t.Errorf("a caller takes %d bytes", size)
	}
	if end := unsafe.Offsetof(c.Principal) + unsafe.Offsetof(c.Principal.ID); end > 128 {
		t.Errorf("what a decision reads ends at %d", end)
	}
}
