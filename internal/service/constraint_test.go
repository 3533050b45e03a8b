package service_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/service"
)

// TestConstraintsAreCounted: by what is broken, whatever the values have in them, and under the code of the service.
func TestConstraintsAreCounted(t *testing.T) {
	t.Parallel()
	var c service.Constraints
	if err := c.ErrAs("ValidationException"); err != nil {
		t.Fatal(err)
	}
	name, empty := "a; b", ""
	c.Pattern("name", &name, service.NewPattern(`^\w+$`), `\w+`)
	check(t, c.ErrAs("ValidationException"), "ValidationException", "1 validation error detected: Value 'a; b' at 'name' failed to satisfy constraint: "+
		`Member must satisfy regular expression pattern: \w+`)
	c.Present("tags", false)
	c.OneOf("kind", empty, "x")
	c.Enum("kind", &empty, "x", "y")
	check(t, c.Err(), "ValidationError", `3 validation errors detected: Value 'a; b' at 'name' failed to satisfy constraint: Member must satisfy regular `+
		`expression pattern: \w+; Value null at 'tags' failed to satisfy constraint: Member must not be null; `+
		`Value '' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [x, y]`)
}

// TestLongValuesAreCut: where a character ends, so that every answer can be spelled.
func TestLongValuesAreCut(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"", "a", "ab"} {
		var c service.Constraints
		c.Fails("name", before+strings.Repeat("€", 1000), "rule")
		if message := c.Err().Error(); !utf8.ValidString(message) || len(message) > 300 || strings.Contains(message, "\uFFFD") {
			t.Errorf("%q", message)
		}
	}
}

func check(t *testing.T, err error, code, message string) {
	t.Helper()
	var e *service.Error
	if !errors.As(err, &e) || e.Code != code || e.Message != message {
		t.Errorf("%#v", e)
	}
}
