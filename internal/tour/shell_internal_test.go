package tour

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// say prints its arguments, each on a line of its own.
func say(_ context.Context, program string, arguments []string, _ *shell) (string, error) {
	switch program {
	case "say":
		return strings.Join(arguments, "\n") + "\n", nil
	case "fail":
		return "", errors.New("failed")
	}
	return "", errors.New("no program " + program)
}

func TestShell(t *testing.T) {
	t.Parallel()
	s := newShell(say)
	s.variables["HOME"] = "here"
	for _, tt := range []struct{ command, want string }{
		{"say a  b", "a\nb\n"},
		{`say 'a  b' "c d" e\ f`, "a  b\nc d\ne f\n"},
		{"say a \\\n  b", "a\nb\n"},
		{`say 'a'$(say b)'c'`, "abc\n"},
		{`say $(say a b)`, "a\nb\n"},
		{`say "$(say a b)"`, "a\nb\n"},
		{`say x$(say a)`, "xa\n"},
		{`say $HOME-"$HOME"'$HOME'`, "here-here$HOME\n"},
		{`say '' b`, "\nb\n"},
		{`say $(say "(")`, "(\n"},
		{`say a b c | awk '{print "x="$1" y="$2}'`, "x=a y=\nx=b y=\nx=c y=\n"},
		{`say $(say "a b" | awk '{print "x="$1" y="$2}')`, "x=a\ny=b\n"},
		{`eval $(say 'export NEW=value')`, ""},
		{`say $NEW`, "value\n"},
		{"unset NEW HOME", ""},
		{`say "$NEW$HOME"`, "\n"},
		{"cat > file <<'EOF'\na $b\nEOF", ""},
	} {
		got, err := s.do(t.Context(), tt.command)
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.command, got, err, tt.want)
		}
	}
	if s.files["file"] != "a $b\n" {
		t.Errorf("the file holds %q", s.files["file"])
	}
	for _, command := range []string{"nothing", "say $(fail)", "say a | wc", "say a | awk '{exit}'", `say "a`, "say $(say a", "|", "eval $(say nothing)",
		"say a > b", "say a; say b", "say a && say b", "say *.json", "say `say a`", "say a # b", "(say a)", "cat > $(say f) <<'EOF'\na\nEOF", "cat > f\na"} {
		if got, err := s.do(t.Context(), command); err == nil {
			t.Errorf("%s: %q without an error", command, got)
		}
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	got, err := commands("a \\\n  b\n\nc 'd\ne' $(f\ng)\ncat > h <<'EOF'\n{'\nEOF\ni")
	want := []string{"a \\\n  b", "c 'd\ne' $(f\ng)", "cat > h <<'EOF'\n{'\nEOF", "i"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, block := range []string{"a 'b", "cat > h <<'EOF'\nx", "a $(b"} {
		if _, err := commands(block); err == nil {
			t.Errorf("%q has no end, and no error", block)
		}
	}
}
