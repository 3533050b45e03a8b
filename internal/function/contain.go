package function

import "strings"

// A Containment says what this machine takes from functions.
type Containment struct {
	// Contained says whether code can be kept from files, memory and
	// processes that are not its own. Without it nothing runs unless
	// Options.Unsafe is set.
	Contained bool

	// Missing are sentences for people: why the code cannot be contained, or
	// what it can do all the same.
	Missing []string
}

func (c Containment) String() string { return strings.Join(c.Missing, "; ") }
