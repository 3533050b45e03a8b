package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/policy"
)

// A validationCase is a document with what AWS says to it (docs/vectors.md).
type validationCase struct {
	ID         string  `json:"id"`
	Title      string  `json:"title"`
	Kind       string  `json:"kind"`
	Document   *string `json:"document"`
	Valid      *bool   `json:"valid"`
	Code       *string `json:"error"`
	Message    *string `json:"message"`
	Confidence string  `json:"confidence"`

	file string
}

// A checkedValidation is one element of what "validate --check -o json" prints.
type checkedValidation struct {
	validation
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Confidence  string   `json:"confidence"`
	Agree       bool     `json:"agree"`
	Differences []string `json:"differences"`
	// Notes are differences that do not count: the message, which is AWS's
	// text only as far as it is known.
	Notes []string `json:"notes"`
}

func checkValidation(c *cobra.Command, files []string, asJSON bool) error {
	var results []checkedValidation
	for _, file := range files {
		cases, err := readValidationCases(c.InOrStdin(), file)
		if err != nil {
			return err
		}
		for _, k := range cases {
			r, err := k.check()
			if err != nil {
				return err
			}
			results = append(results, r)
		}
	}
	differ := 0
	for _, r := range results {
		if !r.Agree {
			differ++
		}
	}
	if asJSON {
		if err := printJSON(c.OutOrStdout(), append([]checkedValidation{}, results...)); err != nil {
			return err
		}
	} else {
		printCheckedValidations(c.OutOrStdout(), results, differ)
	}
	if differ > 0 {
		return refuted
	}
	return nil
}

func readValidationCases(in io.Reader, file string) ([]validationCase, error) {
	text, err := readInput(in, file, maxVectors)
	if err != nil {
		return nil, err
	}
	if len(text) > maxVectors {
		return nil, fmt.Errorf("%s: longer than %d bytes; split it", file, maxVectors)
	}
	var cases []validationCase
	if err := json.Unmarshal(text, &cases); err != nil {
		return nil, notArray(file, text, fmt.Errorf("expected a JSON array of validation cases: %w", err))
	}
	for i := range cases {
		cases[i].file = file
		if cases[i].Document == nil || cases[i].Valid == nil {
			return nil, fmt.Errorf("%s: case %d (%q): document and valid must be given; docs/vectors.md has the schema", file, i, cases[i].ID)
		}
	}
	return cases, nil
}

func (k validationCase) check() (checkedValidation, error) {
	g, ok := policy.ParseGrammar(k.Kind)
	if !ok {
		return checkedValidation{}, fmt.Errorf("%s: %s: unknown kind %q; give one of %s", k.file, k.ID, k.Kind, strings.Join(grammars[:], ", "))
	}
	r := checkedValidation{
		validation: validateText(k.file, *k.Document, g),
		ID:         k.ID, Title: k.Title, Confidence: k.Confidence,
		Differences: []string{}, Notes: []string{},
	}
	if r.Valid != *k.Valid {
		r.Differences = append(r.Differences, fmt.Sprintf("valid is %t, expected %t", r.Valid, *k.Valid))
	}
	if got, want := orDash(r.Code), orDash(k.Code); got != want {
		r.Differences = append(r.Differences, fmt.Sprintf("error is %s, expected %s", got, want))
	}
	if k.Message != nil && orDash(r.Message) != orDash(k.Message) {
		r.Notes = append(r.Notes, fmt.Sprintf("message is %q, expected %q", orDash(r.Message), orDash(k.Message)))
	}
	r.Agree = len(r.Differences) == 0
	return r, nil
}

func printCheckedValidations(w io.Writer, results []checkedValidation, differ int) {
	p := newPaint(w)
	firm := 0
	for _, r := range results {
		where := fmt.Sprintf("%s: %s (%s)", r.File, oneLine(r.ID), orUnknown(r.Confidence))
		for _, d := range r.Differences {
			fmt.Fprintf(w, "%s: %s: %s\n", where, p.bad("differs"), oneLine(d))
		}
		for _, n := range r.Notes {
			fmt.Fprintf(w, "%s: note: %s\n", where, oneLine(n))
		}
		if r.Confidence == documented {
			firm++
		} else if r.Agree {
			fmt.Fprintf(w, "%s: %s: %s: %s\n", where, p.good("agrees"), oneLine(r.Title), r.verdict())
		}
	}
	n := len(results)
	fmt.Fprintf(w, "%d documents: %d agree, %d differ (%d documented, %d others)\n", n, n-differ, differ, firm, n-firm)
}

func (v validation) verdict() string {
	if v.Valid {
		return "valid"
	}
	return orDash(v.Code) + ", " + oneLine(v.explained())
}
