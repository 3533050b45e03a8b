package function

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The SDKs that Lambda has in its Node runtimes and a machine has not: a list of exact versions with the digest of each package.
//
//go:embed sdk/package.json
var sdkPackage []byte

//go:embed sdk/package-lock.json
var sdkLock []byte

// DefaultCache is the directory for what can be fetched again, in the user's cache directory.
func DefaultCache() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache directory (set XDG_CACHE_HOME or HOME): %w", err)
	}
	return filepath.Join(dir, "ambit"), nil
}

// NodeSDKs returns where the SDKs for Node are beneath a cache directory, and whether they are there. Another list has another
// place.
func NodeSDKs(cache string) (dir string, installed bool) {
	sum := sha256.Sum256(sdkLock)
	dir = filepath.Join(cache, "nodejs", hex.EncodeToString(sum[:8]))
	_, err := os.Stat(filepath.Join(dir, "node_modules"))
	return dir, err == nil
}

// InstallNodeSDKs installs the SDKs for Node beneath a cache directory, unless they are there, and returns where. They are fetched
// by npm, compared with their digests and put into their place in one step: a directory that exists is whole. What npm says goes to
// progress. The error says what to do.
func InstallNodeSDKs(ctx context.Context, cache string, progress io.Writer) (string, error) {
	dir, installed := NodeSDKs(cache)
	if installed {
		return dir, nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("npm is not in PATH: install Node.js with npm (nodejs.org, or your package manager's nodejs and npm), and run: ambit runtime install nodejs")
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), "part-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(part)
	err = errors.Join(os.WriteFile(filepath.Join(part, "package.json"), sdkPackage, 0o644),
		os.WriteFile(filepath.Join(part, "package-lock.json"), sdkLock, 0o644))
	if err != nil {
		return "", err
	}
	var said strings.Builder
	c := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev")
	c.Dir, c.WaitDelay = part, 5*time.Second
	c.Stdout, c.Stderr = io.MultiWriter(progress, &said), io.MultiWriter(progress, &said)
	ownGroup(c) // npm has children: they end with it
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("npm ci: %w: %s; mend it (is the registry reachable?) and run: ambit runtime install nodejs", err, lastComplaint(said.String()))
	}
	if err := os.Chmod(part, 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(part, dir); err != nil {
		if _, installed := NodeSDKs(cache); installed { // somebody else was faster
			return dir, nil
		}
		return "", err
	}
	return dir, nil
}

// lastComplaint is the line of npm's output that says most.
func lastComplaint(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	slices.Reverse(lines)
	for _, l := range lines {
		if strings.HasPrefix(l, "npm error") && !strings.Contains(l, "complete log") && len(l) > len("npm error ") {
			return l
		}
	}
	return lines[0]
}

// A preparation finds out once whether a runtime can run here.
type preparation struct {
	installing chan struct{} // closed when it is known that it will take a while
	done       chan struct{}
	program    program
	err        error
}

// lookFor is how long an interpreter is looked for at most before the runtime counts as being prepared. It answers within a fraction of
// a second.
const lookFor = 5 * time.Second

// Prepare starts what a runtime needs before it can run, once, and answers how
// far that is, without waiting for anything to be installed: where nothing has
// to be, a function of before is ready as soon as the server is. The reason is for people:
// for State Pending's StateReason and for a failed one's. What has failed is
// tried again by the next Prepare, after it has been told once.
func (h *Host) Prepare(runtime string) (state Readiness, reason string) {
	p, err := h.preparation(runtime)
	if err != nil {
		return Failed, err.Error()
	}
	select {
	case <-p.done:
	case <-p.installing:
	case <-time.After(lookFor):
	}
	if !closed(p.done) {
		return Installing, "The runtime is being prepared."
	}
	if p.err != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.preparations[runtime] == p {
			delete(h.preparations, runtime)
		}
		return Failed, p.err.Error()
	}
	return Ready, ""
}

// prepared waits for a runtime.
func (h *Host) prepared(ctx context.Context, runtime string) (program, error) {
	p, err := h.preparation(runtime)
	if err != nil {
		return program{}, err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		return program{}, ctx.Err()
	}
	if p.err != nil {
		h.Prepare(runtime) // which is told: the next call tries again
		return program{}, fmt.Errorf("%w: %w", ErrUnprepared, p.err)
	}
	return p.program, nil
}

// preparation returns the one of a runtime, started.
func (h *Host) preparation(runtime string) (*preparation, error) {
	if !Known(runtime) {
		return nil, fmt.Errorf("%w: %q is not a runtime that runs here", ErrUnprepared, runtime)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	p := h.preparations[runtime]
	if p == nil {
		p = &preparation{installing: make(chan struct{}), done: make(chan struct{})}
		h.preparations[runtime] = p
		h.running.Add(1)
		go func() {
			defer h.running.Done()
			defer close(p.done)
			p.program, p.err = h.prepare(runtime, p.installing)
		}()
	}
	return p, nil
}

// prepare finds or installs what a runtime needs, and closes installing before it installs.
func (h *Host) prepare(runtime string, installing chan<- struct{}) (program, error) {
	kind := runtimes[runtime]
	p, err := kind.find(h.preparing, runtime)
	if err != nil || kind != node || h.options.NoSDKs {
		return p, err
	}
	cache, err := h.cache()
	if err != nil {
		return p, err
	}
	if _, installed := NodeSDKs(cache); installed {
		return p, nil
	}
	close(installing)
	h.options.Logger.Info("installing the AWS SDKs for Node functions, once; functions are Pending until it is done", "directory", cache)
	begun := time.Now()
	dir, err := InstallNodeSDKs(h.preparing, cache, io.Discard)
	if err != nil {
		h.options.Logger.Warn("the AWS SDKs for Node functions are not installed", "error", err)
		return p, err
	}
	h.options.Logger.Info("the AWS SDKs for Node functions are installed", "directory", dir, "took", time.Since(begun).Round(time.Millisecond))
	return p, nil
}

func (h *Host) cache() (string, error) {
	if h.options.Cache != "" {
		return h.options.Cache, nil
	}
	return DefaultCache()
}

// modules is the node_modules directory of the SDKs. The runtime is prepared.
func (h *Host) modules() string {
	cache, err := h.cache()
	if err != nil {
		return ""
	}
	dir, _ := NodeSDKs(cache)
	return filepath.Join(dir, "node_modules")
}
