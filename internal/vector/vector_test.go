package vector_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ambit-iam/ambit/internal/vector"
)

func TestCorpus(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../test/corpus/vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		array := vector.NewArray(f, "vectors")
		for {
			text, _, err := array.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			v, err := vector.Parse(text)
			if err != nil {
				t.Fatalf("%s: %s: %v", file, v.ID, err)
			}
			a, err := v.Judge()
			if err != nil {
				t.Errorf("%s: %v", v.ID, err)
				continue
			}
			for _, d := range v.Differences(a) {
				t.Errorf("%s (%s, %s): %s", v.ID, v.Title, v.Confidence, d)
			}
		}
	}
}
