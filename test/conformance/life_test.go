package conformance_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A life is a script: what a client asks in turn, and what it is to be told.
type life struct {
	Account bool // it changes settings of the account as a whole
	Steps   []step
}

// A step is one call. Texts of With and Gives may name what was kept as ${name}, and the code that an MFA device shows as
// ${code DEVICE SEED STEPS}: STEPS is how many half minutes from now.
type step struct {
	Call  string         // "iam CreateUser"
	As    string         // whose credentials: what was kept under that name; "" is the administrator
	With  map[string]any // the input
	Pages string         // the member that is listed: the call is made page by page, one element each
	Gives map[string]any // what must be in the answer; see match
	Keep  map[string]string
	Fails string            // the error code that is wanted instead
	Says  string            // and its message
	Tells map[string]string // what to keep of its message: a pattern with one group
}

// A client makes calls as its users do.
type client interface {
	// call returns the output by the names of the API model; page by page if pages is not empty, the elements together.
	call(s step, as keys) (map[string]any, error)
}

// keys are credentials as STS tells them.
type keys struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// A refusal is an answer that is an error.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

// An unknownCall is one that a version of a client does not have.
type unknownCall struct{ says string }

func (u *unknownCall) Error() string { return u.says }

// readLives reads the scripts of testdata/lives by name.
func readLives(t *testing.T) map[string]life {
	t.Helper()
	files, err := filepath.Glob("testdata/lives/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	lives := map[string]life{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.DisallowUnknownFields()
		var l life
		if err := d.Decode(&l); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lives[strings.TrimSuffix(filepath.Base(name), ".json")] = l
	}
	return lives
}

// live runs a script.
func live(t *testing.T, p *place, c client, l life) {
	t.Helper()
	if l.Account && p.foreign && os.Getenv("AMBIT_CONFORMANCE_ACCOUNT") != "1" {
		t.Skip("SKIPPED: this script changes settings of the account; AMBIT_CONFORMANCE_ACCOUNT=1 allows it")
	}
	kept := map[string]any{"dollar": "$", "run": newRun()}
	for i, s := range l.Steps {
		at := fmt.Sprintf("step %d, %s", i+1, s.Call)
		with, err := fill(s.With, kept)
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		s.With, _ = with.(map[string]any)
		out, err := c.call(s, p.keysOf(t, s.As, kept))
		var unknown *unknownCall
		if errors.As(err, &unknown) && len(s.Keep) == 0 {
			p.unknown[s.Call] = true
			t.Logf("SKIPPED: %s: %v", at, err)
			continue
		}
		if problem := verdict(s, kept, out, err); problem != "" {
			t.Errorf("%s with %v: %s", at, s.With, problem)
		}
		var refused *refusal
		if errors.As(err, &refused) {
			keepTold(t, at, s.Tells, refused.message, kept)
		}
		for name, path := range s.Keep {
			value, ok := find(out, path)
			if !ok {
				t.Fatalf("%s: no %s to keep in %v", at, path, out)
			}
			kept[name] = value
		}
	}
}

// keepTold keeps parts of an error's message.
func keepTold(t *testing.T, at string, tells map[string]string, message string, kept map[string]any) {
	t.Helper()
	for name, pattern := range tells {
		found := regexp.MustCompile(pattern).FindStringSubmatch(message)
		if found == nil {
			t.Fatalf("%s: no %s in %q", at, pattern, message)
		}
		kept[name] = found[1]
	}
}

// newRun is a word that begins the names of one run's entities.
func newRun() string { return "c" + strconv.FormatInt(time.Now().UnixNano()%1e9, 36) }

func (p *place) keysOf(t *testing.T, as string, kept map[string]any) keys {
	t.Helper()
	if as == "" {
		return keys{p.credentials.AccessKeyID, p.credentials.SecretAccessKey, p.credentials.SessionToken}
	}
	session, ok := kept[as].(map[string]any)
	if !ok {
		t.Fatalf("nothing kept as %s", as)
	}
	text := func(name string) string { s, _ := session[name].(string); return s }
	return keys{text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken")}
}

// verdict says in what an answer differs from what a step wants, "" if it does not.
func verdict(s step, kept map[string]any, out map[string]any, err error) string {
	var refused *refusal
	isRefusal := errors.As(err, &refused)
	switch {
	case s.Fails == "" && err != nil:
		return err.Error()
	case s.Fails != "" && err == nil:
		return fmt.Sprintf("no error, want %s; got %v", s.Fails, out)
	case s.Fails != "":
		if !isRefusal || refused.code != s.Fails {
			return fmt.Sprintf("%v, want %s", err, s.Fails)
		}
		says, err := fill(s.Says, kept)
		if err != nil {
			return err.Error()
		}
		if s.Says != "" && refused.message != says {
			return fmt.Sprintf("says\n%s\nwant\n%s", refused.message, says)
		}
		return ""
	}
	gives, err := fill(s.Gives, kept)
	if err != nil {
		return err.Error()
	}
	if gives == nil {
		return ""
	}
	return match("answer", gives, out)
}

// match says in what got differs from want. Members that want does not name are not looked at; lists have the same elements in
// the same order. "<any>" is any value, "<none>" is no value or an empty one, "<time>" is a time of the last minutes.
func match(at string, want, got any) string {
	switch want {
	case "<any>":
		if got == nil || got == "" {
			return at + " is missing"
		}
		return ""
	case "<none>":
		if got == nil || reflect.ValueOf(got).Kind() != reflect.Bool && reflect.ValueOf(got).IsZero() || fmt.Sprint(got) == "[]" {
			return ""
		}
		return fmt.Sprintf("%s is %v, want none", at, got)
	case "<time>":
		return matchTime(at, got)
	}
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if text, isText := got.(string); isText { // a policy document, as the wire has it
			if text, err := url.QueryUnescape(text); err == nil {
				ok = json.Unmarshal([]byte(text), &object) == nil
			}
		}
		if !ok {
			return fmt.Sprintf("%s is %v, want %v", at, got, want)
		}
		for name, value := range want {
			if problem := match(at+"."+name, value, object[name]); problem != "" {
				return problem
			}
		}
		return ""
	case []any:
		list, _ := got.([]any)
		if len(list) != len(want) {
			return fmt.Sprintf("%s is %v, want %v", at, got, want)
		}
		for i := range want {
			if problem := match(at+"["+strconv.Itoa(i)+"]", want[i], list[i]); problem != "" {
				return problem
			}
		}
		return ""
	}
	if want == false && got == nil { // the CLI leaves out what it has worked off: IsTruncated
		return ""
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf("%s is %v, want %v", at, got, want)
	}
	return ""
}

func matchTime(at string, got any) string {
	text, _ := got.(string)
	when, err := time.Parse(time.RFC3339, text)
	if err != nil || time.Since(when).Abs() > 10*time.Minute {
		return fmt.Sprintf("%s is %v, want a time of these minutes", at, got)
	}
	return ""
}

// find returns what stands at a path of members and indexes: "Roles.0.Arn".
func find(value any, path string) (any, bool) {
	for name := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, value != nil
}

var name = regexp.MustCompile(`\$\{([^}]+)\}`)

// fill replaces ${name} in every text of a value.
func fill(value any, kept map[string]any) (any, error) {
	switch v := value.(type) {
	case string:
		var failed error
		out := name.ReplaceAllStringFunc(v, func(m string) string {
			text, err := lookup(m[2:len(m)-1], kept)
			if err != nil {
				failed = err
			}
			return text
		})
		return out, failed
	case map[string]any:
		if v == nil {
			return nil, nil
		}
		out := map[string]any{}
		for key, inner := range v {
			filled, err := fill(inner, kept)
			if err != nil {
				return nil, err
			}
			out[key] = filled
		}
		return out, nil
	case []any:
		out := make([]any, 0, len(v))
		for _, inner := range v {
			filled, err := fill(inner, kept)
			if err != nil {
				return nil, err
			}
			out = append(out, filled)
		}
		return out, nil
	}
	return value, nil
}

func lookup(name string, kept map[string]any) (string, error) {
	if parts := strings.Fields(name); len(parts) == 3 && parts[0] == "code" {
		seed, _ := kept[parts[1]].(string)
		steps, err := strconv.Atoi(parts[2])
		if err != nil {
			return "", err
		}
		return codeOf(seed, time.Now().Add(time.Duration(steps)*30*time.Second))
	}
	text, ok := kept[name].(string)
	if !ok {
		return "", fmt.Errorf("nothing kept as %s", name)
	}
	return text, nil
}
