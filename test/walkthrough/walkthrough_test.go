// Package walkthrough_test types documents about AWS into a shell, with the
// real AWS CLI against the real binary, and compares what a reader would see.
package walkthrough_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ambit-iam/ambit/test/port"
)

// ambit is the built command.
var ambit string

func TestMain(m *testing.M) { os.Exit(withAmbit(m.Run)) }

// withAmbit builds the command as a user does, and calls f.
func withAmbit(f func() int) int {
	folder, err := os.MkdirTemp("", "walkthrough")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	ambit = filepath.Join(folder, "ambit")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", ambit, "../../cmd/ambit").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return f()
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	aws, err := findAWS()
	if err != nil {
		t.Skipf("SKIPPED: no AWS CLI: %v; test/walkthrough/aws.sh installs one", err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               func(e *testscript.Env) error { return terminal(e, aws) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ready": ready,
		},
	})
}

// findAWS finds an AWS CLI that runs: on PATH, or where aws.sh puts one.
func findAWS() (cli, error) {
	candidates := []string{"aws"}
	if cache, err := os.UserCacheDir(); err == nil {
		candidates = append(candidates, filepath.Join(cache, "ambit", "aws-cli", "bin", "aws"))
	}
	var last error
	for _, name := range candidates {
		path, err := exec.LookPath(name)
		if err != nil {
			last = err
			continue
		}
		out, err := exec.Command(path, "--version").CombinedOutput()
		if err != nil {
			last = fmt.Errorf("%s: %w", path, err)
			continue
		}
		return cli{path: path, readsEndpoint: readsEndpoint(string(out))}, nil
	}
	return cli{}, last
}

// A cli is an AWS CLI.
type cli struct {
	path          string
	readsEndpoint bool // it knows AWS_ENDPOINT_URL
}

var versionLine = regexp.MustCompile(`aws-cli/(\d+)\.(\d+)`)

// readsEndpoint says whether the CLI of that version line looks at
// AWS_ENDPOINT_URL: v1 does since 1.29, v2 since 2.13.
func readsEndpoint(version string) bool {
	m := versionLine.FindStringSubmatch(version)
	if m == nil {
		return false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return major == 1 && minor >= 29 || major == 2 && minor >= 13 || major > 2
}

func TestReadsEndpoint(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{
		"aws-cli/1.45.11 Python/3.11.7 Linux/6.1 botocore/1.43.11": true,
		"aws-cli/1.28.0 Python/3.8":                                false,
		"aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64":     false,
		"aws-cli/2.13.0 Python/3.11.2":                             true,
		"aws-cli/3.0.0":                                            true,
		"what":                                                     false,
	} {
		if got := readsEndpoint(version); got != want {
			t.Errorf("%s: %t, want %t", version, got, want)
		}
	}
}

// terminal makes the folder of a script a user's.
func terminal(e *testscript.Env, aws cli) error {
	variables, release, err := furnish(e.WorkDir, aws, e.Getenv("PATH"))
	if err != nil {
		return err
	}
	e.Defer(release)
	// A shell that goes on where the last one stopped, as a terminal does.
	shell := "#!/usr/bin/env bash\n" +
		"[ ! -f \"$HOME/.exports\" ] || . \"$HOME/.exports\"\n" +
		". \"$1\"\nstatus=$?\nexport -p > \"$HOME/.exports\"\nexit $status\n"
	if err := os.WriteFile(filepath.Join(e.WorkDir, ".bin", "paste"), []byte(shell), 0o700); err != nil {
		return err
	}
	for key, value := range variables {
		e.Setenv(key, value)
	}
	return nil
}

// furnish gives a user in a folder an empty home, ambit and aws on PATH, and a port of its own until it is released.
func furnish(folder string, aws cli, path string) (variables map[string]string, release func(), err error) {
	bin, home := filepath.Join(folder, ".bin"), filepath.Join(folder, ".home")
	for _, made := range []string{bin, home} {
		if err := os.Mkdir(made, 0o700); err != nil {
			return nil, nil, err
		}
	}
	if err := os.Symlink(ambit, filepath.Join(bin, "ambit")); err != nil {
		return nil, nil, err
	}
	// An old CLI needs the flag; the document's lines stay as they are printed.
	wrapper := "#!/bin/sh\nexec '" + aws.path + "' \"$@\"\n"
	if !aws.readsEndpoint {
		wrapper = "#!/bin/sh\nexec '" + aws.path + "' ${AWS_ENDPOINT_URL:+--endpoint-url \"$AWS_ENDPOINT_URL\"} \"$@\"\n"
	}
	if err := os.WriteFile(filepath.Join(bin, "aws"), []byte(wrapper), 0o700); err != nil {
		return nil, nil, err
	}
	address, release, err := port.Reserve()
	if err != nil {
		return nil, nil, err
	}
	cache, err := os.UserCacheDir() // with what is installed for functions: it is the same for all users
	if err != nil {
		release()
		return nil, nil, err
	}
	return map[string]string{
		"HOME":                      home,
		"XDG_CACHE_HOME":            cache,
		"XDG_RUNTIME_DIR":           home,
		"PATH":                      bin + string(os.PathListSeparator) + path,
		"PORT":                      strings.TrimPrefix(address, "127.0.0.1:"),
		"AWS_EC2_METADATA_DISABLED": "true", // a CLI without keys must not ask the network for some
	}, release, nil
}

// ready waits until the server on $PORT answers.
func ready(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: ready")
	}
	ts.Check(waitFor(ts.Getenv("PORT")))
}

// waitFor waits until a server on a port answers.
func waitFor(port string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	url := "http://127.0.0.1:" + port + "/healthz"
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
			err = fmt.Errorf("status %s", response.Status)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", url, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
