package conformance_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A program is a client that runs in a process of its own: testdata/client.py.
type program struct {
	in  io.Writer
	out *bufio.Reader
}

// python finds an interpreter that can import a module, and do what stands behind that after a semicolon: on PATH, or where clients.sh and test/walkthrough/aws.sh put one.
func python(module string) (string, error) {
	candidates := []string{"python3", "/usr/bin/python3"}
	if cache, err := os.UserCacheDir(); err == nil {
		for _, folder := range []string{"boto3", "aws-cli"} {
			candidates = append(candidates, filepath.Join(cache, "ambit", folder, "bin", "python3"))
		}
	}
	var last error
	for _, name := range candidates {
		path, err := exec.LookPath(name)
		if err == nil {
			var out []byte
			if out, err = exec.Command(path, "-c", "import sys; import "+module+"; print(sys.executable)").Output(); err == nil {
				return strings.TrimSpace(string(out)), nil // not a shim, which may look at HOME
			}
		}
		last = fmt.Errorf("%s: import %s: %w", name, module, err)
	}
	return "", last
}

// run starts client.py with an interpreter.
func run(t *testing.T, interpreter, kind, endpoint, region string) *program {
	t.Helper()
	c := exec.Command(interpreter, "testdata/client.py", kind, endpoint, region)
	c.Env = append(quiet(), "HOME="+t.TempDir())
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := c.Wait(); err != nil {
			t.Errorf("client.py %s: %v", kind, err)
		}
	})
	return &program{in, bufio.NewReader(out)}
}

// quiet is the environment without anything that AWS clients would take from it.
func quiet() []string {
	var out []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "AWS_") && !strings.HasPrefix(v, "HOME=") {
			out = append(out, v)
		}
	}
	return append(out, "AWS_EC2_METADATA_DISABLED=true")
}

func (c *program) call(s step, as keys) (map[string]any, error) {
	service, operation, _ := strings.Cut(s.Call, " ")
	line, err := json.Marshal(map[string]any{"service": service, "operation": operation, "with": s.With, "pages": s.Pages, "keys": as})
	if err != nil {
		return nil, err
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	answered, err := c.out.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var answer struct {
		Output map[string]any
		Error  *struct{ Code, Message string }
		Crash  string
		// Unknown says that this version of the client is older than the call.
		Unknown string
	}
	switch err := json.Unmarshal(answered, &answer); {
	case err != nil:
		return nil, fmt.Errorf("%q: %w", answered, err)
	case answer.Unknown != "":
		return nil, &unknownCall{answer.Unknown}
	case answer.Crash != "":
		return nil, fmt.Errorf("%s", answer.Crash)
	case answer.Error != nil:
		return nil, &refusal{answer.Error.Code, answer.Error.Message}
	}
	return answer.Output, nil
}
