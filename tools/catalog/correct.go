package main

import (
	"fmt"
	"strings"
)

// correct applies the corrections, one a line: a condition key, its type according to AWS, and after a # the page that says
// so. A correction that changes nothing is an error, so that the list shrinks when the package improves.
func (r *reference) correct(corrections string) error {
	for n, line := range strings.Split(corrections, "\n") {
		fact, source, _ := strings.Cut(line, "#")
		if strings.TrimSpace(fact) == "" {
			continue
		}
		fields := strings.Fields(fact)
		if len(fields) != 2 || strings.TrimSpace(source) == "" {
			return fmt.Errorf("line %d: want a key, a type and # with the source", n+1)
		}
		if !r.setType(fields[0], fields[1]) {
			return fmt.Errorf("line %d: no key %s whose type is not already %s", n+1, fields[0], fields[1])
		}
	}
	return nil
}

// setType gives a key another type wherever it is listed, and reports whether that changed anything.
func (r *reference) setType(name, kind string) bool {
	changed := setType(r.Global, name, kind)
	for _, s := range r.Services {
		changed = setType(s.Keys, name, kind) || changed
	}
	return changed
}

func setType(keys []key, name, kind string) bool {
	changed := false
	for i := range keys {
		if keys[i].Name == name && keys[i].Type != kind {
			keys[i].Type = kind
			changed = true
		}
	}
	return changed
}
