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

// A checkReport compares answers with expectations and prints what a reader has
// to know: the differences, and what was chosen where no document decides.
type checkReport struct {
	w     io.Writer
	array *jsonArray // nil when people read

	vectors, differ, unjudged, firm int
}

func newCheckReport(w io.Writer, asJSON bool) *checkReport {
	r := &checkReport{w: w}
	if asJSON {
		r.array = &jsonArray{w: w}
	}
	return r
}

func (k *checkReport) add(c evalCase) error {
	r := compare(c)
	k.vectors++
	switch {
	case c.answer == nil:
		k.unjudged++
	case !r.Agree:
		k.differ++
	}
	if r.Confidence == documented {
		k.firm++
	}
	if k.array != nil {
		return k.array.add(r)
	}
	return printChecked(k.w, c.name(), r)
}

// end counts, when there was an end to count at.
func (k *checkReport) end(complete bool) error {
	var err error
	switch {
	case k.array != nil:
		err = k.array.end(complete)
	case complete:
		err = k.printTally()
	}
	if err == nil && k.differ > 0 {
		return refuted
	}
	return err
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

func printChecked(w io.Writer, name string, r checked) error {
	p := newPaint(w)
	where := fmt.Sprintf("%s: %s (%s)", oneLine(r.File), name, orUnknown(r.Confidence))
	for _, d := range r.Differences {
		if _, err := fmt.Fprintf(w, "%s: %s: %s\n", where, p.bad("differs"), oneLine(d)); err != nil {
			return err
		}
	}
	if r.Agree && r.Confidence != documented {
		_, err := fmt.Fprintf(w, "%s: %s: %s\n", where, p.good("agrees"), oneLine(chosen(r)))
		return err
	}
	return nil
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

func (k *checkReport) printTally() error {
	unjudged := ""
	if k.unjudged > 0 {
		unjudged = fmt.Sprintf(", %d not judged", k.unjudged)
	}
	_, err := fmt.Fprintf(k.w, "%d vectors: %d agree, %d differ%s (%d documented, %d others)\n",
		k.vectors, k.vectors-k.differ-k.unjudged, k.differ, unjudged, k.firm, k.vectors-k.firm)
	return err
}

func orUnknown(confidence string) string {
	if confidence == "" {
		return "confidence not stated"
	}
	return oneLine(confidence)
}
