package main

import (
	"fmt"
	"io"

	"github.com/ambit-iam/ambit/catalog"
	"github.com/ambit-iam/ambit/internal/vector"
)

// spell gives the vector's action the spelling that AWS prints, and reports
// whether the catalog knows the action.
func spell(v *vector.Vector) (known bool) {
	a, known := catalog.FindAction(v.Request.Action)
	if known {
		v.Request.Action = a.String()
	}
	return known
}

// unknownActions tells on standard error, once each, of actions that the
// catalog does not know. They are judged all the same, but a name that is
// mistyped looks like a denial.
type unknownActions struct {
	w    io.Writer
	told map[string]bool
}

// tell names the vector's action; file and index say where the vector is.
func (u *unknownActions) tell(v *vector.Vector, file string, index int) {
	name := v.Request.Action
	if u.told[name] || len(u.told) == maxTold {
		return
	}
	if u.told == nil {
		u.told = make(map[string]bool)
	}
	u.told[name] = true
	line := fmt.Sprintf("%s: %s: the catalog does not know the action %q; it is judged as it is spelled",
		file, element("vector", index, v.ID), shown(name))
	fmt.Fprintln(u.w, "ambit: "+oneLine(line))
}
