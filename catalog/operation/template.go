package operation

import (
	"fmt"
	"strings"
)

// Expand replaces every ${Name} in template by what lookup says, and every ${Name|default} by the default where lookup has no
// value or an empty one. A value that is missing without a default is an error, so that a forgotten member refuses instead of
// leaving a hole in an ARN. The values are inserted as they are and never expanded again.
func Expand(template string, lookup func(name string) (string, bool)) (string, error) {
	var b strings.Builder
	rest := template
	for {
		before, after, found := strings.Cut(rest, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		reference, remaining, closed := strings.Cut(after, "}")
		if !closed {
			return "", fmt.Errorf("template %q: ${ without }", template)
		}
		name, fallback, hasDefault := strings.Cut(reference, "|")
		value, ok := lookup(name)
		switch {
		case ok && value != "":
			b.WriteString(value)
		case hasDefault:
			b.WriteString(fallback)
		default:
			return "", fmt.Errorf("template %q: no value for %s", template, name)
		}
		rest = remaining
	}
}

// names returns the names that a template speaks of, in order.
func names(template string) []string {
	var found []string
	for _, part := range strings.Split(template, "${")[1:] {
		reference, _, _ := strings.Cut(part, "}")
		name, _, _ := strings.Cut(reference, "|")
		found = append(found, name)
	}
	return found
}
