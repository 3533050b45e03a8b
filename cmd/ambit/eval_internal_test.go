package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const rootVector = `{"id": %q, "principal": {"type": "root", "arn": "arn:aws:iam::111122223333:root", "account": "111122223333"},
 "request": {"action": "iam:ListUsers", "resource": "*"}}`

// An answer is there before the next question is asked.
func TestEvalAnswersOneAtATime(t *testing.T) {
	t.Parallel()
	in, questions := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan int)
	go func() {
		code := run(t.Context(), []string{"eval"}, in, out, io.Discard)
		_ = out.Close() // never fails
		done <- code
	}()
	lines := bufio.NewScanner(answers)
	for i := range 3 {
		separator := ","
		if i == 0 {
			separator = "["
		}
		id := fmt.Sprintf("v%d", i)
		if _, err := fmt.Fprintf(questions, separator+rootVector+",", id); err != nil {
			t.Fatal(err)
		}
		found := false
		for !found && lines.Scan() {
			found = strings.Contains(lines.Text(), `"id": "`+id+`"`)
		}
		if !found {
			t.Fatalf("no answer to %s", id)
		}
		if _, err := fmt.Fprintf(questions, rootVector, id+"b"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(questions, "]"); err != nil {
		t.Fatal(err)
	}
	_ = questions.Close() // never fails
	for lines.Scan() {
		// until the end, so that run is not kept from writing
	}
	if code := <-done; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A peak notes the most memory in use while it is read.
type peak struct {
	r     io.Reader
	reads int
	most  uint64
}

func (p *peak) Read(b []byte) (int, error) {
	p.reads++
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	p.most = max(p.most, m.HeapAlloc)
	return p.r.Read(b)
}

// 100,000 elements that are no vectors are neither kept nor told one by one.
// Not parallel: it measures memory.
func TestEvalKeepsNothing(t *testing.T) {
	for _, args := range [][]string{{"eval"}, {"eval", "-o", "table"}, {"eval", "--check"}, {"validate", "--check", "-"}} {
		runtime.GC()
		in := &peak{r: strings.NewReader("[" + strings.Repeat("{},", 100_000) + "{}]")}
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), args, in, &stdout, &stderr)
		if code != 2 || strings.Count(stderr.String(), "\n") != 21 || !strings.HasSuffix(stderr.String(), "\nambit: 99981 more cannot be judged\n") {
			t.Errorf("%s: exit code %d, %d bytes of errors that end with %.100q", args, code, stderr.Len(), stderr.String()[max(0, stderr.Len()-100):])
		}
		if in.most > 32<<20 {
			t.Errorf("%s: %d MB in use", args, in.most>>20)
		}
	}
}

func TestEvalStopsWhenNobodyReads(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"eval"}, {"eval", "--check"}, {"eval", "--check", "-o", "json"}, {"eval", "-o", "table"}} {
		var stderr bytes.Buffer
		in := &peak{r: strings.NewReader("[" + strings.TrimSuffix(strings.Repeat(fmt.Sprintf(rootVector, "")+",", 4000), ",") + "]")}
		code := run(t.Context(), args, in, closed{}, &stderr)
		if code != 2 || stderr.String() != "ambit: nobody reads\n" || in.reads > 10 {
			t.Errorf("%s: exit code %d after %d reads, %q", args, code, in.reads, &stderr)
		}
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }

// hostile has what terminals obey: an escape, a bell, DEL, C1, a line of its
// own, and an override of the direction of writing.
const hostile = "a\x1b[31m\a\x7f\u009b\r\nambit: fine\u202e\u2066\u2028z"

func TestNothingThatATerminalObeysIsPrinted(t *testing.T) {
	t.Parallel()
	id, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	user := `"principal": {"type": "user", "arn": "arn:aws:iam::111122223333:user/` + string(id[1:len(id)-1]) + `", "account": "111122223333"}`
	vectors := write(hostile, `[{"id": `+string(id)+`, "title": `+string(id)+`, "confidence": `+string(id)+`, `+user+`,
		"request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b"}, "expect": {"decision": `+string(id)+`}},
		{"id": `+string(id)+`}, {`+string(id)+`: 1, `+string(id)+`: 1}, {"boundary": {`+string(id)+`: 1}, `+user+`,
		"request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b", "context": {`+string(id)+`: 1}}}]`)
	cases := write(hostile+"cases", `[{"id": `+string(id)+`, "title": `+string(id)+`, "confidence": `+string(id)+`, "kind": "scp", "valid": false,
		"document": "{}", "error": `+string(id)+`, "message": `+string(id)+`}, {"kind": `+string(id)+`, "document": "", "valid": true}]`)
	document := write(hostile+"document", `{`+string(id)+`: 1}`)
	for _, args := range [][]string{
		{"eval", vectors}, {"eval", "-o", "table", vectors}, {"eval", "--check", vectors}, {"eval", "--check", "-o", "json", vectors},
		{"validate", "--type", "scp", document}, {"validate", "--type", "scp", "-o", "json", document},
		{"validate", "--check", cases}, {"validate", "--check", "-o", "json", cases},
		{"eval", hostile}, {"validate", "--type", "scp", hostile}, {"eval", "--" + hostile}, {hostile}, {"help", hostile},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code == 0 {
			t.Errorf("%q: exit code 0", args)
		}
		for _, line := range strings.Split(strings.TrimSuffix(stdout.String()+stderr.String(), "\n"), "\n") {
			if i := strings.IndexFunc(line, obeyed); i >= 0 || strings.HasPrefix(line, "ambit: fine") {
				t.Errorf("%.40q prints %q", args, line)
			}
		}
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"plain  text, é, 漢, 👩‍👩‍👧": "plain  text, é, 漢, 👩‍👩‍👧",
		"a\nb\tc\rd":      `a\nb\tc\rd`,
		"\x1b[2J\x00\x7f": `\u001b[2J\u0000\u007f`,
		"\u0080\u009f\u202a\u202e\u2066\u2069\u2028": `\u0080\u009f\u202a\u202e\u2066\u2069\u2028`,
		"\u202f\u2065\u00a0":                         "\u202f\u2065\u00a0",
		"\x9b31m\xff":                                `\x9b31m\xff`,
	} {
		if got := oneLine(s); got != want {
			t.Errorf("oneLine(%q) = %s, want %s", s, got, want)
		}
	}
}

// What JSON output says is what was said, in escapes where a terminal would
// obey.
func TestJSONSaysTheSame(t *testing.T) {
	t.Parallel()
	want := []any{hostile, map[string]any{hostile: "<é漢>"}, "\x00\u0085"}
	var whole, parts bytes.Buffer
	if err := printJSON(&whole, want); err != nil {
		t.Fatal(err)
	}
	array := jsonArray{w: &parts}
	for _, v := range want {
		if err := array.add(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := array.end(true); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(whole.String(), parts.String()); d != "" {
		t.Errorf("an array printed in parts differs:\n%s", d)
	}
	var got []any
	if err := json.Unmarshal(whole.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if i := strings.IndexFunc(strings.ReplaceAll(whole.String(), "\n", ""), obeyed); i >= 0 {
		t.Errorf("%q", &whole)
	}
	if !strings.Contains(whole.String(), `"<é漢>"`) {
		t.Errorf("escapes what is harmless: %s", &whole)
	}
}
