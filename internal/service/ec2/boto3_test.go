package ec2_test

import (
	"os"
	"os/exec"
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
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
