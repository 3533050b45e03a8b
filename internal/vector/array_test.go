package vector_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/vector"
)

// elements reads an array to its end or to an error.
func elements(r io.Reader) (texts []string, err error) {
	a := vector.NewArray(r, "things")
	for {
		text, index, err := a.Next()
		if errors.Is(err, io.EOF) {
			return texts, nil
		}
		if err != nil {
			return texts, err
		}
		if index != len(texts) {
			return texts, errors.New("the index is wrong")
		}
		texts = append(texts, string(text))
	}
}

func TestArrayElements(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`[]`:                         nil,
		" [\n] \n":                   nil,
		`[1,"a]\",[{",{"b":[1,2]}]`:  {`1`, `"a]\",[{"`, `{"b":[1,2]}`},
		`[ null , [ ] ,{ } , true ]`: {`null `, `[ ] `, `{ } `, `true `},
	} {
		got, err := elements(iotest.OneByteReader(strings.NewReader(text)))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestArrayFaults(t *testing.T) {
	t.Parallel()
	const schema = "; docs/vectors.md has the schema"
	for text, want := range map[string]string{
		"":                    "the text is empty; expected a JSON array of things",
		" \n":                 "the text is empty; expected a JSON array of things",
		`{"a": []}`:           "expected a JSON array of things, found an object; put it into [ ]",
		"\n null":             "2:2: expected a JSON array of things, found null" + schema,
		`"[]"`:                "1:1: expected a JSON array of things, found a string" + schema,
		`7`:                   "1:1: expected a JSON array of things, found a number" + schema,
		`Version: 1`:          "1:1: expected a JSON array of things, found 'V'" + schema,
		"\xef\xbb\xbf[]":      "byte order mark: save the file as UTF-8 without it",
		"\xff\xfe[\x00]\x00":  "byte order mark: save the file as UTF-8 without it",
		"\xfe\xff\x00[\x00]":  "byte order mark: save the file as UTF-8 without it",
		`[`:                   "1:2: the text ends too early" + schema,
		"[1,\n":               "2:1: the text ends too early" + schema,
		"[{\"a\":\n  [1, 2":   "2:8: the text ends too early" + schema,
		`["a`:                 "1:4: the text ends too early" + schema,
		`[1,]`:                "1:4: expected an element before ']'" + schema,
		`[,1]`:                "1:2: expected an element before ','" + schema,
		`[1,,2]`:              "1:4: expected an element before ','" + schema,
		"[1,\n {\"a\" 2}]":    "2:7: invalid character '2' after object key" + schema,
		"[1,\n 2,\n tru]":     "3:5: the element ends too early" + schema,
		`[1 2]`:               "1:4: invalid character '2' after top-level value" + schema,
		`[1}]`:                "1:3: invalid character '}' after top-level value" + schema,
		"[1]\n[2]":            "2:1: expected one array, found '[' behind it" + schema,
		"[{\"a\":\n\n  tru}]": "3:6: invalid character '}' in literal true (expecting 'e')" + schema,
	} {
		_, err := elements(strings.NewReader(text))
		var syntax *vector.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
}

// endless is an array that never ends, and counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	text := "{},"
	if e.read == 0 {
		text = "[{},"
	}
	n := copy(b, text)
	e.read += n
	return n, nil
}

// What is held does not grow with what was read: the reader is never asked for
// more than an element and a buffer ahead.
func TestArrayReadsNoFurther(t *testing.T) {
	t.Parallel()
	in := &endless{}
	a := vector.NewArray(in, "things")
	for range 1000 {
		if _, _, err := a.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if in.read > 3001+64<<10 {
		t.Errorf("read %d bytes for 3001", in.read)
	}
}

func TestArrayRefusesAnEndlessElement(t *testing.T) {
	t.Parallel()
	_, err := elements(io.MultiReader(strings.NewReader(`[1, "`), zeros{}))
	if err == nil || !strings.Contains(err.Error(), "1:5: one element of the array is longer than 16777216 bytes") {
		t.Errorf("err = %v", err)
	}
}

// zeros is text without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '0'
	}
	return len(b), nil
}

func TestArrayTellsAReadersError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken disk")
	_, err := elements(io.MultiReader(strings.NewReader(`[1, {"a":`), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
}

// FuzzArray holds the reader to encoding/json: the same texts are arrays, and
// of the same elements.
func FuzzArray(f *testing.F) {
	for _, seed := range []string{`[]`, `[1,"]",{"a":[{}]}]`, `[1,]`, `[1}{2]`, `["\\"]`, `["\"]`, "[\x00]", `[[[`, `[ -1.5e3 ,null]x`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := elements(strings.NewReader(text))
		var want []json.RawMessage
		wrong := json.Unmarshal([]byte(text), &want)
		if array := strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "["); (err == nil) != (wrong == nil && array) {
			t.Fatalf("error %v, and encoding/json says %v", err, wrong)
		}
		if err != nil {
			return
		}
		for i := range got {
			got[i] = strings.TrimRight(got[i], " \t\r\n")
		}
		var texts []string
		for _, w := range want {
			texts = append(texts, string(w))
		}
		if d := cmp.Diff(texts, got); d != "" {
			t.Error(d)
		}
	})
}
