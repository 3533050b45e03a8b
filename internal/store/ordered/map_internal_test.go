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
	const n = 100_000
	var up, down Map[int]
	for i := range n {
		up = up.Set(fmt.Sprintf("%08d", i), i)
		down = down.Set(fmt.Sprintf("%08d", n-i), i)
	}
	for i := range n / 2 {
		up = up.Delete(fmt.Sprintf("%08d", 2*i))
	}
	for name, m := range map[string]Map[int]{"ascending": up, "descending": down} {
		if d := m.root.depth(); d > 100 {
			t.Errorf("%s keys: depth %d", name, d)
		}
	}
}

func (n *node[V]) depth() int {
	if n == nil {
		return 0
	}
	return 1 + max(n.left.depth(), n.right.depth())
}
