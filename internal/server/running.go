package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// Files that a running server leaves: one in the data directory, and one per port in the user's runtime directory.
const (
	runningFile   = "server.json"
	runningPrefix = "server-"
	runningSuffix = ".json"
	memoryPrefix  = "memory-" // directory of the credentials of a server that keeps nothing
)

// ErrNotRunning says that there is no running server where one was looked for.
var ErrNotRunning = errors.New("no running server")

// A Running is what a running server says about itself. It holds no keys; Credentials says where they are.
type Running struct {
	Endpoint    string    `json:"endpoint"`
	Region      string    `json:"region"`
	Account     string    `json:"account"`
	CA          string    `json:"ca,omitempty"` // file that clients must trust
	Credentials string    `json:"credentials"`  // AWS shared-credentials file
	Process     int       `json:"process"`
	Started     time.Time `json:"started"`
	Nonce       string    `json:"nonce"` // by which the server shows that it is the one that wrote this
}

// A Key is an access key as a client needs it.
type Key struct{ ID, Secret string }

// DataDir is where state is kept unless told otherwise: the user's data directory.
func DataDir(environ func(string) (string, bool)) (string, error) {
	if dir, ok := environ("XDG_DATA_HOME"); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, "ambit"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("there is no home directory (%w); pass --data DIR or --memory", err)
	}
	return filepath.Join(home, ".local", "share", "ambit"), nil
}

// RuntimeDir is where running servers of this user are listed, empty if there is no such place. It is never a directory that
// other users can write to.
func RuntimeDir(environ func(string) (string, bool)) string {
	if dir, ok := environ("XDG_RUNTIME_DIR"); ok && filepath.IsAbs(dir) && isDirectory(dir) {
		return filepath.Join(dir, "ambit")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "ambit", "run")
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (s *Server) writeRunning(path string) error {
	text, err := json.MarshalIndent(s.running, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("runtime file: %w", err)
	}
	s.left = append(s.left, path)
	return nil
}

// FindRunning returns the server of a data directory; without one, the server of this user that was started last. Servers whose
// process has ended, or behind whose endpoint somebody else answers, are passed over: a killed one leaves its file behind, and its
// port is free for anybody. The error wraps ErrNotRunning.
func FindRunning(ctx context.Context, data, runtimeDir string) (Running, error) {
	paths := []string{filepath.Join(data, runningFile)}
	if data == "" {
		var err error
		if paths, err = filepath.Glob(filepath.Join(runtimeDir, runningPrefix+"*"+runningSuffix)); err != nil {
			return Running{}, err
		}
	}
	var found []Running
	for _, path := range paths {
		if r, err := readRunning(path); err == nil && r.answers(ctx) {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		where := ""
		if data != "" {
			where = " on " + data
		}
		return Running{}, fmt.Errorf("%w%s; start one with: ambit serve", ErrNotRunning, where)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Started.After(found[j].Started) })
	return found[0], nil
}

func readRunning(path string) (r Running, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Running{}, err
	}
	return r, json.Unmarshal(text, &r)
}

// sweep removes what servers that were killed left in the runtime directory. It is tidying: what cannot be removed stays, and nobody
// believes it.
func sweep(dir string) {
	paths, _ := filepath.Glob(filepath.Join(dir, runningPrefix+"*"+runningSuffix)) // the pattern is well-formed
	for _, path := range paths {
		r, err := readRunning(path)
		if err == nil && alive(r.Process) {
			continue
		}
		port := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), runningPrefix), runningSuffix)
		_ = os.RemoveAll(filepath.Join(dir, memoryPrefix+port))
		_ = os.Remove(path)
	}
}

// Key returns the admin's access key, or root's.
func (r Running) Key(root bool) (Key, error) {
	profile := adminProfile
	if root {
		profile = rootProfile
	}
	k, err := ReadKey(r.Credentials, profile)
	if errors.Is(err, errNoProfile) && !root {
		err = fmt.Errorf("%w: the server was begun without the user admin; ask for --root", err)
	}
	return k, err
}

var errNoProfile = errors.New("no such profile")

// ReadKey returns the access key of a profile from a credentials file.
func ReadKey(file, profile string) (Key, error) {
	f, err := os.Open(file)
	if err != nil {
		return Key{}, fmt.Errorf("credentials: %w", err)
	}
	defer f.Close()
	var k Key
	section := ""
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(text, "[") {
			section = strings.Trim(text, "[]")
			continue
		}
		name, value, _ := strings.Cut(text, "=")
		value = strings.TrimSpace(value)
		switch name = strings.TrimSpace(name); {
		case section != profile:
		case name == "aws_access_key_id":
			k.ID = value
		case name == "aws_secret_access_key":
			k.Secret = value
		}
	}
	if err := lines.Err(); err != nil {
		return Key{}, fmt.Errorf("%s: %w", file, err)
	}
	if k.ID == "" || k.Secret == "" {
		return Key{}, fmt.Errorf("%s: %w: %s", file, errNoProfile, profile)
	}
	return k, nil
}
