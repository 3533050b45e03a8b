package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPictureIsFresh holds that docs/tour.svg shows what the tour prints.
func TestPictureIsFresh(t *testing.T) {
	t.Parallel()
	made := filepath.Join(t.TempDir(), "tour.svg")
	if err := run(made); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/tour.svg")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/tour.svg is old; go generate ./tools/picture makes it anew:\n%s", diff)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", columns)
	for text, want := range map[string][]string{"": {""}, "a\nb": {"a", "b"}, long: {long}, long + "xy\nz": {long, "xy", "z"}, "a b " + long: {"a b", long}} {
		if diff := cmp.Diff(want, wrap(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// TestDrawIsXML whatever the lines say.
func TestDrawIsXML(t *testing.T) {
	t.Parallel()
	text := `<&>"'` + "…\x00"
	drawn := draw(text, []line{{plain, text}, {refusal, text}, {plain, ""}})
	var root struct {
		Texts []string `xml:"text"`
	}
	if err := xml.Unmarshal(drawn, &root); err != nil || len(root.Texts) != 3 {
		t.Errorf("%v, %q in %s", err, root.Texts, drawn)
	}
}

// TestTheTourMustHaveWhatIsShown, or the picture is not made.
func TestTheTourMustHaveWhatIsShown(t *testing.T) {
	t.Parallel()
	if lines, err := terminal([]step{{Document: "d", Command: "aws s3 ls"}}); err == nil {
		t.Errorf("%v", lines)
	}
}
