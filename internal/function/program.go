package function

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A program is an interpreter as it is installed on this machine.
type program struct {
	path    string // of the executable itself, no link and no shim
	version string // as it tells it: "v22.12.0", "3.12.3"
	prefix  string // the directory of its installation if it needs one, for a path outside of the system's directories
	sites   []string
}

// findNode finds the node of the server's PATH.
func findNode(ctx context.Context) (program, error) {
	var told []string
	err := ask(ctx, &told, "node", "-p", "JSON.stringify([process.execPath, process.version])")
	if err != nil || len(told) != 2 {
		return program{}, fmt.Errorf("no node in PATH that runs (install Node.js 20 or later from nodejs.org or with your package manager, and start the server again): %w", err)
	}
	if !atLeast(told[1], 18, 0) {
		return program{}, fmt.Errorf("node in PATH is %s: install Node.js 20 or later, and start the server again", told[1])
	}
	path, err := filepath.EvalSymlinks(told[0])
	return program{path: path, version: told[1]}, err
}

// directories are what a program needs of its installation. Not all of it: somebody's prefix is their home.
func (p program) directories() []string {
	if p.prefix == "" {
		return nil
	}
	return []string{filepath.Join(p.prefix, "bin"), filepath.Join(p.prefix, "lib"), filepath.Join(p.prefix, "lib64")}
}

const tellPython = `import json, os, site, sys
sites = site.getsitepackages() + ([site.getusersitepackages()] if site.ENABLE_USER_SITE else []) + \
    [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
print(json.dumps({"path": getattr(sys, "_base_executable", sys.executable), "version": sys.version.split()[0],
    "prefix": sys.base_prefix, "sites": [p for p in dict.fromkeys(sites) if os.path.isdir(p)]}))`

// findPython finds the python3.X of that version in the server's PATH, else its python3.
func findPython(ctx context.Context, version string) (program, error) {
	var told struct {
		Path, Version, Prefix string
		Sites                 []string
	}
	err := ask(ctx, &told, "python"+version, "-c", tellPython)
	if err != nil {
		err = ask(ctx, &told, "python3", "-c", tellPython)
	}
	if err != nil {
		return program{}, fmt.Errorf("no python3 in PATH that runs (install Python 3.9 or later with your package manager, and start the server again): %w", err)
	}
	p := program{version: told.Version}
	if p.path, err = filepath.EvalSymlinks(told.Path); err != nil {
		return program{}, err
	}
	if told.Prefix != "/usr" {
		if p.prefix, err = filepath.EvalSymlinks(told.Prefix); err != nil {
			return program{}, err
		}
	}
	for _, dir := range told.Sites {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil || p.prefix != "" && strings.HasPrefix(real, p.prefix+string(filepath.Separator)) {
			continue // it is found by itself
		}
		p.sites = append(p.sites, real)
	}
	return p, nil
}

// ask runs a program of the PATH that prints JSON.
func ask(ctx context.Context, into any, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = os.TempDir() // version switchers look into the working directory
	var complaint bytes.Buffer
	c.Stderr = &complaint
	text, err := c.Output()
	if err != nil {
		if first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n"); first != "" {
			return fmt.Errorf("%w: %s", err, first)
		}
		return err
	}
	return json.Unmarshal(bytes.TrimSpace(text), into)
}
