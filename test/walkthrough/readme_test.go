package walkthrough_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestReadmeHasTheDocuments holds that README shows what `ambit tour` plays.
func TestReadmeHasTheDocuments(t *testing.T) {
	t.Parallel()
	readme := read(t, "../../README.md")
	for _, name := range []string{"boundary.md", "delegation.md"} {
		if document := read(t, "../../internal/tour/"+name); !strings.Contains(readme, "\n"+document) {
			t.Errorf("README.md does not have internal/tour/%s in it as it is", name)
		}
	}
}

// block is a fenced block of README: shell lines, or what they print.
var block = regexp.MustCompile("(?ms)^```(sh)?\n(.*?)^```$")

// What differs from run to run, and from one version of the AWS CLI to the other.
var (
	ids   = regexp.MustCompile(`\b(ANPA|AROA|i-)[0-9A-Za-z]{17}\b`)
	times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)`)
)

func alike(printed string) string {
	return strings.TrimSpace(times.ReplaceAllString(ids.ReplaceAllString(printed, "${1}…"), "TIME"))
}

// TestReadmeAnswersAsPrinted pastes README's blocks into one terminal, in order, up to those that need no server, while another
// terminal runs what `make run` runs. Each must print what the block behind it says, and nothing if there is none.
func TestReadmeAnswersAsPrinted(t *testing.T) {
	t.Parallel()
	aws, err := findAWS()
	if err != nil {
		t.Skipf("SKIPPED: no AWS CLI: %v; test/walkthrough/aws.sh installs one", err)
	}
	folder := t.TempDir()
	variables, release, err := furnish(folder, aws, os.Getenv("PATH"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Minute)
	t.Cleanup(cancel) // last of all
	environ := environment(variables)
	serve(ctx, t, folder, environ, variables["PORT"])
	terminal := openTerminal(ctx, t, folder, environ)
	part, _, found := strings.Cut(read(t, "../../README.md"), "\n## Without a server\n")
	if !found {
		t.Fatal("README.md has no part about what needs no server")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Logf("SKIPPED: the function of README.md, whose SDK is installed by npm: %v", err)
		before, after, found := strings.Cut(part, "\n## A function under its boundary\n")
		_, rest, _ := strings.Cut(after, "\n## ")
		if !found {
			t.Fatal("README.md has no part about a function")
		}
		part = before + rest
	}
	blocks := block.FindAllStringSubmatch(part, -1)
	pasted := 0
	for i, b := range blocks {
		if b[1] != "sh" || strings.TrimSpace(b[2]) == "make run" {
			continue
		}
		want := ""
		if i+1 < len(blocks) && blocks[i+1][1] == "" {
			want = blocks[i+1][2]
		}
		pasted++
		if got := terminal.paste(t, b[2]); alike(got) != alike(want) {
			t.Errorf("%s\nprinted:\n%s\nREADME.md says:\n%s", b[2], got, want)
		}
	}
	if pasted < 25 {
		t.Errorf("%d blocks of README.md pasted", pasted)
	}
}

// environment is that of the test, without its AWS settings, and these variables.
func environment(variables map[string]string) []string {
	var out []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if _, other := variables[name]; !other && !strings.HasPrefix(name, "AWS_") {
			out = append(out, v)
		}
	}
	for name, value := range variables {
		out = append(out, name+"="+value)
	}
	return out
}

// serve runs the server until the test ends.
func serve(ctx context.Context, t *testing.T, folder string, environ []string, port string) {
	t.Helper()
	c := exec.CommandContext(ctx, ambit, "serve", "--data", ".ambit", "--listen", "127.0.0.1:"+port)
	c.Dir, c.Env = folder, environ
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		if err := c.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	if err := waitFor(port); err != nil {
		t.Fatal(err)
	}
}

// A shell is a terminal with bash in it.
type shell struct {
	in  io.Writer
	out *bufio.Reader
}

func openTerminal(ctx context.Context, t *testing.T, folder string, environ []string) *shell {
	t.Helper()
	c := exec.CommandContext(ctx, "bash", "--noprofile", "--norc")
	c.Dir, c.Env = folder, environ
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = c.Stdout
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = c.Wait() // the last command may well have been refused
	})
	return &shell{in, bufio.NewReader(out)}
}

// paste types a block and returns what it prints.
func (s *shell) paste(t *testing.T, typed string) string {
	t.Helper()
	const mark = "== that was all =="
	if _, err := io.WriteString(s.in, typed+"\necho '"+mark+"'\n"); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for {
		line, err := s.out.ReadString('\n')
		if strings.TrimSpace(line) == mark {
			return b.String()
		}
		b.WriteString(line)
		if err != nil {
			t.Fatalf("%s\nprinted:\n%s\nand ended: %v", typed, b.String(), err)
		}
	}
}

// TestReadmeCommands runs those shell blocks of README that need no server, and
// compares the end of what they print with the block that follows.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	blocks := block.FindAllStringSubmatch(read(t, "../../README.md"), -1)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for i := 0; i+1 < len(blocks); i++ {
		shell, printed := blocks[i], blocks[i+1]
		if shell[1] != "sh" || printed[1] != "" || !strings.Contains(shell[2], "ambit eval") && !strings.Contains(shell[2], "ambit validate") {
			continue
		}
		ran++
		c := exec.CommandContext(t.Context(), "bash", "-c", shell[2])
		c.Dir = root
		c.Env = append(os.Environ(), "PATH="+filepath.Dir(ambit)+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := c.CombinedOutput()
		if !strings.HasSuffix(string(out), printed[2]) {
			t.Errorf("%s\nprinted (%v):\n%s\nREADME.md says:\n%s", shell[2], err, out, printed[2])
		}
	}
	if ran != 2 {
		t.Errorf("%d blocks of README.md ran, want 2", ran)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
