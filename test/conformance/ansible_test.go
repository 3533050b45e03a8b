package conformance_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestAnsible applies a playbook twice: the second time nothing changes. Then all of it is taken away again.
func TestAnsible(t *testing.T) {
	t.Parallel()
	playbook, err := exec.LookPath("ansible-playbook")
	if err != nil {
		t.Skipf("SKIPPED: no Ansible: %v; test/conformance/clients.sh installs it", err)
	}
	if out, err := exec.Command("ansible-doc", "-t", "module", "--json", "community.aws.iam_role", "amazon.aws.iam_user").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: Ansible without the collections amazon.aws and community.aws: %v: %s", err, out)
	}
	interpreter, err := python("boto3")
	if err != nil {
		t.Skipf("SKIPPED: Ansible's modules need boto3: %v; test/conformance/clients.sh installs it", err)
	}
	p := start(t)
	c := exec.Command(playbook, "-i", "localhost,", "-e", "ansible_python_interpreter="+interpreter, "-e", "run="+newRun(), "testdata/ansible/playbook.yml")
	c.Env = append(quiet(), "HOME="+t.TempDir(), "ANSIBLE_NOCOWS=1", "ANSIBLE_NOCOLOR=1", "ANSIBLE_RETRY_FILES_ENABLED=0", "ANSIBLE_LOCALHOST_WARNING=0",
		"ANSIBLE_DEPRECATION_WARNINGS=0", "ANSIBLE_PIPELINING=1", "AWS_REGION="+p.region, "AWS_ACCESS_KEY_ID="+p.credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY="+p.credentials.SecretAccessKey)
	if p.credentials.SessionToken != "" {
		c.Env = append(c.Env, "AWS_SESSION_TOKEN="+p.credentials.SessionToken)
	}
	if endpoint := p.watched(t); endpoint != "" {
		c.Env = append(c.Env, "AWS_URL="+endpoint)
	}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !regexp.MustCompile(`localhost +: ok=\d+ .*unreachable=0 +failed=0 `).Match(out) || strings.Count(string(out), "changed=true") > 0 {
		t.Errorf("%s", out)
	}
	judgeAll(t, p)
	if os.Getenv("AMBIT_CONFORMANCE_VERBOSE") != "" {
		t.Logf("%s", out)
	}
}
