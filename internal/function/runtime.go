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
		args := []string{v.exe, "--max-old-space-size=" + strconv.Itoa(max(n.memoryMB*9/10, 64))}
		return append(append(args, nodeFlags(n.program.version)...), path.Join(v.runtime, "bootstrap.js"))
	case python:
		return []string{v.exe, "-u", path.Join(v.runtime, "bootstrap.py")}
	}
	if n.inLayer {
		return []string{path.Join(v.opt, "bootstrap")}
	}
	return []string{path.Join(v.task, "bootstrap")}
}

// nodeFlags make older versions of Node load code as later ones do by themselves: ESM syntax in a plain .js file.
func nodeFlags(version string) (flags []string) {
	major, minor := majorMinor(version)
	switch {
	case major == 20 && minor >= 10 && minor < 19, major == 21, major == 22 && minor < 7:
		flags = append(flags, "--experimental-detect-module")
	}
	if atLeast(version, 20, 11) && major != 21 { // Lambda's log has no such warnings
		flags = append(flags, "--disable-warning=ExperimentalWarning")
	}
	return flags
}

// atLeast compares the beginning of a version of Node.
func atLeast(version string, major, minor int) bool {
	a, b := majorMinor(version)
	return a > major || a == major && b >= minor
}

func majorMinor(version string) (major, minor int) {
	_, _ = fmt.Sscanf(strings.TrimPrefix(version, "v"), "%d.%d", &major, &minor)
	return major, minor
}
