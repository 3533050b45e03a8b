package function

import "slices"

// runtimes are the identifiers that this package can run.
var runtimes = []string{
	"nodejs20.x", "nodejs22.x", "nodejs24.x",
	"python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14",
	"provided.al2", "provided.al2023",
}

// Known says whether a runtime can run here, if what it needs is installed.
func Known(runtime string) bool { return slices.Contains(runtimes, runtime) }
