package ordered

import (
	"fmt"
	"testing"
)

// TestDepth holds that keys in order, the worst case of a plain search tree, do
// not make the tree deep. A treap of 100,000 keys is about 40 deep; 100 has a
// probability too small to write down.
func TestDepth(t *testing.T) {
	t.Parallel()
	var m Map[int]
	for i := range 100_000 {
		m = m.Set(fmt.Sprintf("%08d", i), i)
	}
	for i := range 50_000 {
		m = m.Delete(fmt.Sprintf("%08d", 2*i))
	}
	if d := m.root.depth(); d > 100 {
		t.Errorf("depth %d with 50,000 keys", d)
	}
}

func (n *node[V]) depth() int {
	if n == nil {
		return 0
	}
	return 1 + max(n.left.depth(), n.right.depth())
}
