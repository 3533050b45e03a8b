package operation

import (
	"fmt"
	"strings"
)

// A MissingError is a reference of a template for which nothing has a value.
type MissingError struct{ Template, Reference string }

// Error names both.
func (e *MissingError) Error() string {
	return fmt.Sprintf("template %q: no value for %s", e.Template, e.Reference)
}

// Expand replaces every ${…} in template by what lookup says. Inside the braces stand one or more names, separated by commas, of
// which the first that has a value counts, and perhaps a default after a bar for when none has: ${NewPath,Target.Path|/}. An
// empty value is no value.
//
// A reference without value and default is a *MissingError, so that a forgotten member refuses the call instead of leaving a hole in
// an ARN. Values are inserted as they are and never expanded again.
func Expand(template string, lookup func(name string) (string, bool)) (string, error) {
	var b strings.Builder
	b.Grow(len(template) + 64) // a name is as long at most
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
		value, ok := resolve(reference, lookup)
		if !ok {
			return "", &MissingError{template, reference}
		}
		b.WriteString(value)
		rest = remaining
	}
}

// resolve returns the value of one reference, and whether it has one.
func resolve(reference string, lookup func(name string) (string, bool)) (string, bool) {
	alternatives, fallback, hasDefault := strings.Cut(reference, "|")
	for name := range strings.SplitSeq(alternatives, ",") {
		if value, ok := lookup(name); ok && value != "" {
			return value, true
		}
	}
	return fallback, hasDefault
}

// References returns the names that a template speaks of, in order.
func References(template string) []string {
	var found []string
	for _, part := range strings.Split(template, "${")[1:] {
		reference, _, _ := strings.Cut(part, "}")
		alternatives, _, _ := strings.Cut(reference, "|")
		found = append(found, strings.Split(alternatives, ",")...)
	}
	return found
}
