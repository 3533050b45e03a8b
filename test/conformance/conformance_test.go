package conformance_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// clients are those that live through the scripts.
var clients = map[string]func(*testing.T, *place) client{
	"aws-sdk-go-v2": func(_ *testing.T, p *place) client { return newSDK(p) },
	"boto3":         func(t *testing.T, p *place) client { return startProgram(t, p, "boto3", "boto3") },
	"AWS CLI":       func(t *testing.T, p *place) client { return startProgram(t, p, "cli", "awscli.clidriver") },
}

func startProgram(t *testing.T, p *place, kind, module string) client {
	t.Helper()
	interpreter, err := python(module)
	if err != nil && kind == "cli" { // version 2 brings its own Python: it gets a process for every call
		if _, found := exec.LookPath("aws"); found == nil {
			interpreter, err = python("sys")
		}
	}
	if err != nil {
		t.Skipf("SKIPPED: %s is not there: %v; test/conformance/clients.sh installs it", t.Name(), err)
	}
	return run(t, interpreter, kind, p.watched(t), p.region)
}

// TestLives has every client live through every script, and holds every answer on the wire against botocore's model.
func TestLives(t *testing.T) {
	t.Parallel()
	lives := readLives(t)
	for name, make := range clients {
		t.Run(name, func(t *testing.T) {
			if os.Getenv(endpointVariable) == "" {
				t.Parallel() // each has an Ambit of its own
			}
			p := start(t)
			c := make(t, p)
			for _, script := range slices.Sorted(maps.Keys(lives)) {
				t.Run(script, func(t *testing.T) { live(t, p, c, lives[script]) })
			}
			judgeAll(t, p)
			if !p.foreign && !t.Failed() {
				wholeLives(t, p)
			}
		})
	}
}

// judgeAll holds what was recorded against the models.
func judgeAll(t *testing.T, p *place) {
	t.Helper()
	data, err := modelFolder()
	if err != nil {
		t.Logf("SKIPPED: the judgement by the model: %v; test/conformance/clients.sh installs one", err)
		return
	}
	models := map[string]*model{}
	complaints := map[string]bool{}
	seen := p.record.seen()
	for _, x := range seen {
		if models[x.service] == nil {
			m, err := readModel(data, x.service)
			if err != nil {
				t.Fatal(err)
			}
			models[x.service] = m
		}
		for _, broken := range judge(models[x.service], x) {
			if line := x.service + " " + x.operation + ": " + broken; !complaints[line] {
				complaints[line] = true
				t.Errorf("%s\n%s", line, x.body)
			}
		}
	}
	t.Logf("%d answers judged", len(seen))
}

// modelFolder is where botocore keeps its models. Those of old versions do not know what AWS answers today.
func modelFolder() (string, error) {
	const wanted = "assert tuple(map(int, botocore.__version__.split('.')[:2])) >= (1, 40)"
	interpreter, err := python("botocore; " + wanted)
	if err != nil {
		return "", fmt.Errorf("no botocore of version 1.40 or later: %w", err)
	}
	out, err := exec.Command(interpreter, "-c", "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))").Output()
	return strings.TrimSpace(string(out)), err
}

var servedRow = regexp.MustCompile(`(?m)^\| (\w+) \| yes \|`)

// wholeLives holds that the scripts leave out none of the calls that docs/coverage.md says are answered.
func wholeLives(t *testing.T, p *place) {
	t.Helper()
	text, err := os.ReadFile("../../docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	answered := map[string]bool{}
	for _, x := range p.record.seen() {
		if x.status == 200 {
			answered[x.service+" "+x.operation] = true
		}
	}
	for _, service := range []string{"iam", "sts"} {
		_, part, found := strings.Cut(string(text), "\n## "+service+"\n")
		if !found {
			t.Fatalf("docs/coverage.md has no %s", service)
		}
		part, _, _ = strings.Cut(part, "\n## ")
		rows := servedRow.FindAllStringSubmatch(part, -1)
		if len(rows) == 0 {
			t.Fatalf("docs/coverage.md says that nothing of %s is answered", service)
		}
		for _, row := range rows {
			if call := fmt.Sprintf("%s %s", service, row[1]); !answered[call] && !p.unknown[call] {
				t.Errorf("no script calls %s with success", call)
			}
		}
	}
}
