package catalog

import "testing"

// A damaged table stops the program when it is first read, instead of answering wrongly.
func TestDamagedTable(t *testing.T) {
	t.Parallel()
	damaged := map[string]func(){
		"length":           func() { readIndex("S\tiam\tIAM\tx\n\n") },
		"number of a key":  func() { readService("K\tiam:k\tString\nA\ta\tR\t0,x\n", "iam") },
		"number of a type": func() { readService("R\trole\t\tarn\nA\ta\tR\t\tx!\n", "iam") },
		"time of a policy": func() { readManaged("# comment\narn:aws:iam::aws:policy/P\tANPA\tv1\tyesterday\ttoday\n\n{}\n") },
	}
	for name, read := range damaged {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("it was read without complaint")
				}
			}()
			read()
		})
	}
}
