package conformance_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// leastChecks are how many things each script of testdata/javascript says at least: a script that ends early has said too little.
var leastChecks = map[string]int{
	"dynamodb/documents.mjs": 15, "dynamodb/items.mjs": 89, "ec2/instances.mjs": 25, "iam/boundaries.mjs": 19,
	"lambda/functions.mjs": 30, "logs/events.mjs": 15, "s3/objects.mjs": 86, "ssm/parameters.mjs": 18, "sts/sessions.mjs": 13,
}

// TestJavaScript has the AWS SDK for JavaScript v3 do what its users do, a script for each kind of use in the folder of its service,
// and holds every answer as the SDK gives it against what AWS's would be.
func TestJavaScript(t *testing.T) {
	t.Parallel()
	modules, err := javascriptModules()
	if err != nil {
		t.Skipf("SKIPPED: %v; test/conformance/clients.sh installs it", err)
	}
	scripts, err := filepath.Glob("testdata/javascript/*/*.mjs")
	if err != nil || len(scripts) < len(leastChecks) {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	folder := scriptFolder(t, modules)
	for _, path := range scripts {
		name, _ := strings.CutPrefix(filepath.ToSlash(path), "testdata/javascript/")
		t.Run(strings.TrimSuffix(name, ".mjs"), func(t *testing.T) {
			if os.Getenv(endpointVariable) == "" {
				t.Parallel() // each has an Ambit of its own
			}
			if _, err := exec.LookPath("python3"); strings.HasPrefix(name, "lambda/") && (err != nil || runtime.GOOS != "linux") {
				t.Skipf("SKIPPED: functions run where they can be contained, and this one in Python: %s, %v", runtime.GOOS, err)
			}
			least := leastChecks[name]
			if least == 0 {
				t.Fatal("nobody says how much it checks")
			}
			if checks := runScript(t, start(t), filepath.Join(folder, name)); checks < least {
				t.Errorf("only %d checks", checks)
			}
		})
	}
}

// javascriptModules is where clients.sh put what the lock file says.
func javascriptModules() (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", fmt.Errorf("no Node: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "ambit", "javascript")
	wanted, err := os.ReadFile("testdata/javascript/package-lock.json")
	if err != nil {
		return "", err
	}
	got, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err == nil && !bytes.Equal(got, wanted) {
		err = errors.New("it is of another version")
	}
	if err != nil {
		return "", fmt.Errorf("no AWS SDK for JavaScript: %w", err)
	}
	return filepath.Join(folder, "node_modules"), nil
}

// scriptFolder is a copy of the scripts beside the modules: a script is looked for modules above the place where it is.
func scriptFolder(t *testing.T, modules string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/javascript")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(folder, "node_modules")); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	return folder
}

// runScript runs a script to its end, reports what it says is wrong, and returns how much it has checked.
func runScript(t *testing.T, p *place, path string) (checks int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "node", "--no-warnings", path)
	c.Env = append(quiet(), "HOME="+t.TempDir(), "AWS_REGION="+p.region, "AWS_ACCESS_KEY_ID="+p.credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY="+p.credentials.SecretAccessKey)
	if p.credentials.SessionToken != "" {
		c.Env = append(c.Env, "AWS_SESSION_TOKEN="+p.credentials.SessionToken)
	}
	if p.url != "" {
		c.Env = append(c.Env, "AWS_ENDPOINT_URL="+p.url)
	}
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Errorf("%s: %v\n%s", filepath.Base(path), err, &said)
	}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); checks++ {
		if wrong, ok := strings.CutPrefix(lines.Text(), "not ok "); ok {
			t.Error(wrong)
		}
	}
	return checks
}
