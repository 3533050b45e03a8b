package ec2_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/ambit-iam/ambit/ambittest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestLifeWithBoto3 has boto3 launch, list, tag, stop and terminate instances, and holds every answer against botocore's model.
func TestLifeWithBoto3(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err == nil {
		err = exec.Command(python, "-c", "import boto3").Run()
	}
	if err != nil {
		t.Skipf("SKIPPED: no python3 with boto3: %v", err)
	}
	a := ambittest.Start(t)
	environ, err := a.Environ(a.Admin())
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), python, "testdata/life.py")
	for _, v := range os.Environ() { // nothing of the surroundings but what Python needs
		if !strings.HasPrefix(v, "AWS_") && !strings.HasPrefix(v, "BOTO") {
			c.Env = append(c.Env, v)
		}
	}
	c.Env = append(c.Env, environ...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checkKeys(t, string(out))
}

var toldKeys = regexp.MustCompile(`(?m)^(public|private) (\w+) (.*)$`)

// checkKeys holds the private keys that boto3 was given against the public ones, with ssh-keygen where it is there.
func checkKeys(t *testing.T, out string) {
	t.Helper()
	public, private := map[string]string{}, map[string]string{}
	for _, m := range toldKeys.FindAllStringSubmatch(out, -1) {
		if m[1] == "public" {
			public[m[2]] = m[3]
		} else {
			private[m[2]] = strings.ReplaceAll(strings.Trim(m[3], "'"), `\n`, "\n")
		}
	}
	if len(public) != 2 || len(private) != 2 {
		t.Fatalf("told %v and %v", public, private)
	}
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Logf("SKIPPED: private keys are not read: %v", err)
		return
	}
	for name, text := range private {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := exec.Command(keygen, "-y", "-f", path).CombinedOutput()
		if err != nil || !strings.HasPrefix(string(got), public[name]) {
			t.Errorf("%s is the private key of %s (%v), want %s", name, got, err, public[name])
		}
	}
}
