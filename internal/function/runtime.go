package function

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// A runtime is what runs a handler: an interpreter of the machine with a bootstrap of ours, or the bootstrap that the code brings.
type runtimeKind int

const (
	unknown runtimeKind = iota
	node
	python
	provided
)

// runtimes are the identifiers that this package can run.
var runtimes = map[string]runtimeKind{
	"nodejs20.x": node, "nodejs22.x": node, "nodejs24.x": node,
	"python3.9": python, "python3.10": python, "python3.11": python, "python3.12": python, "python3.13": python, "python3.14": python,
	"provided.al2": provided, "provided.al2023": provided,
}

// Known says whether a runtime can run here, if what it needs is installed.
func Known(runtime string) bool { return runtimes[runtime] != unknown }

// find finds the interpreter of a runtime.
func (k runtimeKind) find(ctx context.Context, runtime string) (program, error) {
	switch k {
	case node:
		return findNode(ctx)
	case python:
		return findPython(ctx, strings.TrimPrefix(runtime, "python"))
	}
	return program{}, nil
}

// arguments is the command line of a runtime in an environment.
func (k runtimeKind) arguments(v view, n need) []string {
	switch k {
	case node:
		// The heap may fill most of the memory, as it does in Lambda: what is beyond is killed.
		args := []string{v.exe, "--max-old-space-size=" + strconv.Itoa(max(n.memoryMB*9/10, 64)), "--disable-warning=ExperimentalWarning"}
		if detectsModules := atLeast(n.program.version, 20, 19) && !between(n.program.version, 22, 7); !detectsModules {
			args = append(args, "--experimental-detect-module")
		}
		return append(args, path.Join(v.runtime, "bootstrap.js"))
	case python:
		return []string{v.exe, "-u", path.Join(v.runtime, "bootstrap.py")}
	}
	if n.inLayer {
		return []string{path.Join(v.opt, "bootstrap")}
	}
	return []string{path.Join(v.task, "bootstrap")}
}

// atLeast compares the beginning of a version of Node.
func atLeast(version string, major, minor int) bool {
	a, b := majorMinor(version)
	return a > major || a == major && b >= minor
}

// between says whether a version is one of major before minor.
func between(version string, major, minor int) bool {
	a, b := majorMinor(version)
	return a == major && b < minor
}

func majorMinor(version string) (major, minor int) {
	_, _ = fmt.Sscanf(strings.TrimPrefix(version, "v"), "%d.%d", &major, &minor)
	return major, minor
}
