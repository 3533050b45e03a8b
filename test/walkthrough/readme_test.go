package walkthrough_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestReadmeHasTheDocument holds that what README shows is what TestDocuments
// types.
func TestReadmeHasTheDocument(t *testing.T) {
	t.Parallel()
	readme := read(t, "../../README.md")
	script, err := txtar.ParseFile("testdata/permissions_boundaries.txt")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, f := range script.Files {
		switch f.Name {
		case "env.sh": // the test has a data folder of its own
		case "create-policy.sh", "create-role.sh", "attach-role-policy.sh", "assume-role.sh", "describe-instances.sh", "s3-ls.sh", "unset.sh", "who.sh":
			shown++
			if !strings.Contains(readme, "\n"+string(f.Data)) {
				t.Errorf("README.md does not show %s as it is typed", f.Name)
			}
		}
	}
	if shown != 8 {
		t.Errorf("%d parts of the document found in the script, want 8", shown)
	}
	if denial := "because no permissions boundary allows the s3:ListAllMyBuckets action"; !strings.Contains(readme, denial) {
		t.Errorf("README.md does not show the denial")
	}
}

// block is a fenced block of README: shell lines, or what they print.
var block = regexp.MustCompile("(?ms)^```(sh)?\n(.*?)^```$")

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
