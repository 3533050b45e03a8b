package main

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

// evil is what callers may put into what is written down of them.
const evil = "r1\x1b[31mEVIL\nFAKE\r\t\u202e\u009b2J\xff"

// fill puts the text into every string below a value.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		if v.Type() == reflect.TypeFor[*explainedMiss]() { // it holds another
			v.Interface().(*explainedMiss).fill(text)
			return
		}
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		of := reflect.New(v.Type().Elem()).Elem()
		fill(of, text)
		v.SetMapIndex(reflect.ValueOf(text).Convert(v.Type().Key()), of)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), text)
			}
		}
	}
}

func (m *explainedMiss) fill(text string) {
	*m = explainedMiss{Part: "condition", Operator: text, Key: text, Want: []string{text}, Got: []string{text}, Unresolved: []string{text}}
	m.Also = &explainedMiss{Part: text, Not: true, Want: []string{text}}
}

// What callers wrote has as many lines as what nobody writes, and nothing that a terminal obeys, in whatever is printed for people.
func TestWhatCallersWroteIsPrintable(t *testing.T) {
	t.Parallel()
	for name, print := range map[string]func(w io.Writer, text string) error{
		"explain": func(w io.Writer, text string) error {
			var e explanation
			fill(reflect.ValueOf(&e).Elem(), text)
			return e.print(w)
		},
		"explain, a deny that matches": func(w io.Writer, text string) error {
			var e explanation
			fill(reflect.ValueOf(&e).Elem(), text)
			for i := range e.Questions {
				for j := range e.Questions[i].Statements {
					e.Questions[i].Statements[j].Miss = nil
				}
			}
			return e.print(w)
		},
		"log": func(w io.Writer, text string) error {
			e := event{}
			fill(reflect.ValueOf(&e.record).Elem(), text)
			l := tail{w: w}
			return l.line(&e)
		},
		"instances": func(w io.Writer, text string) error {
			list := make([]instanceLine, 1)
			fill(reflect.ValueOf(&list[0]).Elem(), text)
			return printInstances(w, list)
		},
		"account and org": func(w io.Writer, text string) error { return linef(w, "placed %s\n", text) },
	} {
		var plain, got bytes.Buffer
		if err := print(&plain, "plain"); err != nil {
			t.Fatal(err)
		}
		if err := print(&got, evil); err != nil {
			t.Fatal(err)
		}
		if n, want := strings.Count(got.String(), "\n"), strings.Count(plain.String(), "\n"); n != want || want == 0 {
			t.Errorf("%s: %d lines instead of %d:\n%s", name, n, want, &got)
		}
		if !strings.Contains(got.String(), "EVIL") || strings.ContainsAny(strings.ReplaceAll(got.String(), "\n", ""), "\x1b\r\u202e\u009b") ||
			bytes.IndexByte(got.Bytes(), 0xff) >= 0 {
			t.Errorf("%s: %q", name, &got)
		}
	}
}

// JSON is exact: what is read back is what was written down.
func TestJSONIsExact(t *testing.T) {
	t.Parallel()
	const text = "r1\x1b[31mEVIL\nFAKE\u202e\u009b"
	var b bytes.Buffer
	if err := printJSON(&b, text); err != nil {
		t.Fatal(err)
	}
	var back string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != text || strings.ContainsAny(b.String(), "\x1b\u202e\u009b") {
		t.Errorf("%q %v", &b, err)
	}
}
