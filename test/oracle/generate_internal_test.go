package oracle

import (
	"bytes"
	"testing"
)

// TestGeneratedConditionsGoBothWays makes sure that no operator is drawn so badly
// that it always holds, or never does.
func TestGeneratedConditionsGoBothWays(t *testing.T) {
	t.Parallel()
	g := NewGenerator(11)
	type way struct {
		operator operator
		held     bool
	}
	counts := map[way]int{}
	for range 15_000 {
		s := g.scene()
		r := newRequest(Case{Principal: s.caller, Request: Request{Context: s.context}})
		var text bytes.Buffer
		writeJSON(&text, g.condition(s))
		block, err := readJSON(text.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", text.Bytes(), err)
		}
		conditions, err := readConditions(block)
		if err != nil {
			t.Fatalf("%s: %v", text.Bytes(), err)
		}
		for _, c := range conditions {
			counts[way{c.operator, c.holds(r.context, r.context)}]++
		}
	}
	for _, base := range operators() {
		op, ok := readOperator(base[0])
		if !ok {
			t.Fatalf("the generator draws %s, which is no operator", base[0])
		}
		for _, held := range []bool{false, true} {
			if n := counts[way{op, held}]; n < 15 {
				t.Errorf("%s is %v only %d times", base[0], held, n)
			}
		}
	}
}
