package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/ambit-iam/ambit/internal/vector"
)

// documented is the confidence of an expectation that an AWS document settles.
const documented = "documented"

// A checked vector is one element of what "eval --check -o json" prints.
type checked struct {
	File        string         `json:"file"`
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Confidence  string         `json:"confidence"`
	Agree       bool           `json:"agree"`
	Differences []string       `json:"differences"`
	Answer      *vector.Answer `json:"answer"` // null when the vector cannot be judged
}

// checkCases compares answers with expectations and prints what a reader has
// to know: the differences, and what was chosen where no document decides.
func checkCases(w io.Writer, cases []evalCase, unjudged int, asJSON bool) error {
	results := make([]checked, 0, len(cases))
	differ := 0
	for _, c := range cases {
		r := compare(c)
		if c.answer != nil && !r.Agree {
			differ++
		}
		results = append(results, r)
	}
	if asJSON {
		if err := printJSON(w, results); err != nil {
			return err
		}
	} else {
		printChecked(w, results)
		printTally(w, results, differ, unjudged)
	}
	switch {
	case unjudged > 0:
		return unusable
	case differ > 0:
		return refuted
	}
	return nil
}

func compare(c evalCase) checked {
	r := checked{
		File: c.file, ID: c.vector.ID, Title: c.vector.Title, Confidence: c.vector.Confidence,
		Differences: []string{}, Answer: c.answer,
	}
	if c.answer != nil {
		r.Differences = append(r.Differences, c.vector.Differences(c.answer)...)
		r.Agree = len(r.Differences) == 0
	}
	return r
}

func printChecked(w io.Writer, results []checked) {
	p := newPaint(w)
	for _, r := range results {
		where := fmt.Sprintf("%s: %s (%s)", r.File, oneLine(r.ID), orUnknown(r.Confidence))
		for _, d := range r.Differences {
			fmt.Fprintf(w, "%s: %s: %s\n", where, p.bad("differs"), oneLine(d))
		}
		if r.Agree && r.Confidence != documented {
			fmt.Fprintf(w, "%s: %s: %s\n", where, p.good("agrees"), oneLine(chosen(r)))
		}
	}
}

// chosen says what we answer where AWS does not: the rule, and the answer.
func chosen(r checked) string {
	a := r.Answer
	parts := []string{a.Decision}
	if a.Deciding != nil {
		parts = append(parts, *a.Deciding)
	}
	if a.Message != nil {
		parts = append(parts, *a.Message)
	}
	return r.Title + ": " + strings.Join(parts, ", ")
}

func printTally(w io.Writer, results []checked, differ, unjudged int) {
	firm := 0
	for _, r := range results {
		if r.Confidence == documented {
			firm++
		}
	}
	n := len(results)
	fmt.Fprintf(w, "%d vectors: %d agree, %d differ", n, n-differ-unjudged, differ)
	if unjudged > 0 {
		fmt.Fprintf(w, ", %d not judged", unjudged)
	}
	fmt.Fprintf(w, " (%d documented, %d others)\n", firm, n-firm)
}

func orUnknown(confidence string) string {
	if confidence == "" {
		return "confidence not stated"
	}
	return oneLine(confidence)
}
