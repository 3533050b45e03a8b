package conformance_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestLogsAndParametersOfBoto3 has boto3 do with log events and parameters what its users do, and holds every answer against what
// CloudWatch Logs and Parameter Store answer.
func TestLogsAndParametersOfBoto3(t *testing.T) {
	t.Parallel()
	interpreter, err := python("boto3")
	if err != nil {
		t.Skipf("SKIPPED: no python with boto3: %v; test/conformance/clients.sh installs it", err)
	}
	p := start(t)
	if p.foreign {
		t.Skip("SKIPPED: it makes a user at once, and what it made may take a foreign endpoint a while")
	}
	c := exec.Command(interpreter, "testdata/logs_parameters.py", p.url, p.region)
	c.Env = append(quiet(), "HOME="+t.TempDir(), "AWS_ACCESS_KEY_ID="+p.credentials.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+p.credentials.SecretAccessKey)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Errorf("logs_parameters.py: %v", err)
	}
	checks := 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); checks++ {
		if wrong, ok := strings.CutPrefix(lines.Text(), "not ok "); ok {
			t.Error(wrong)
		}
	}
	if checks < 62 {
		t.Errorf("only %d checks", checks)
	}
}
