package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/vector"
	"github.com/ambit-iam/ambit/policy"
)

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

// A validationReport prints checked cases as they come, and counts them.
type validationReport struct {
	w     io.Writer
	array *jsonArray // nil when people read

	cases, differ, unjudged, firm int
}

func checkValidation(c *cobra.Command, files []string, asJSON bool) error {
	out := &validationReport{w: c.OutOrStdout()}
	if asJSON {
		out.array = &jsonArray{w: out.w}
	}
	refused := &refusals{w: c.ErrOrStderr()}
	var err error
	for _, file := range files {
		ids := make(idSet)
		err = eachElement(c.InOrStdin(), file, "validation cases", func(text []byte, index int) error {
			k, r, err := checkCase(file, text, index, ids)
			if err != nil {
				err = fmt.Errorf("%s: %s: %w", file, element("case", index, k.ID), err)
				if errors.Is(err, vector.ErrVector) {
					return err
				}
				refused.tell(err)
				out.unjudged++
				return nil
			}
			return out.add(r, index)
		})
		if err != nil {
			break
		}
	}
	refused.end()
	if ended := out.end(err == nil); err == nil {
		err = ended
	}
	if refused.count > 0 && (err == nil || errors.Is(err, refuted)) {
		return unusable
	}
	return err
}

func checkCase(file string, text []byte, index int, ids idSet) (k *vector.Case, r checkedValidation, err error) {
	if k, err = vector.ParseCase(text); err != nil {
		return k, r, err
	}
	if err = ids.add("case", index, k.ID); err != nil {
		return k, r, err
	}
	g, ok := policy.ParseGrammar(k.Kind)
	if !ok {
		return k, r, fmt.Errorf("kind: unknown kind %q; give one of %s", shown(k.Kind), strings.Join(grammars[:], ", "))
	}
	return k, compareCase(file, k, g), nil
}

func compareCase(file string, k *vector.Case, g policy.Grammar) checkedValidation {
	r := checkedValidation{
		validation: validateText(file, *k.Document, g),
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
	return r
}

func (o *validationReport) add(r checkedValidation, index int) error {
	o.cases++
	if !r.Agree {
		o.differ++
	}
	if r.Confidence == documented {
		o.firm++
	}
	if o.array != nil {
		return o.array.add(r)
	}
	_, err := io.WriteString(o.w, r.lines(index, newPaint(o.w)))
	return err
}

// lines are what a reader has to know about a case.
func (r checkedValidation) lines(index int, p paint) string {
	name := oneLine(shown(r.ID))
	if r.ID == "" {
		name = element("case", index, "")
	}
	where := fmt.Sprintf("%s: %s (%s)", oneLine(r.File), name, orUnknown(r.Confidence))
	var b strings.Builder
	for _, d := range r.Differences {
		fmt.Fprintf(&b, "%s: %s: %s\n", where, p.bad("differs"), oneLine(d))
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "%s: note: %s\n", where, oneLine(n))
	}
	if r.Agree && r.Confidence != documented {
		fmt.Fprintf(&b, "%s: %s: %s: %s\n", where, p.good("agrees"), oneLine(r.Title), r.verdict())
	}
	return b.String()
}

// end counts, when there was an end to count at.
func (o *validationReport) end(complete bool) error {
	var err error
	switch {
	case o.array != nil:
		err = o.array.end(complete)
	case complete:
		unjudged := ""
		if o.unjudged > 0 {
			unjudged = fmt.Sprintf(", %d not judged", o.unjudged)
		}
		_, err = fmt.Fprintf(o.w, "%d documents: %d agree, %d differ%s (%d documented, %d others)\n",
			o.cases, o.cases-o.differ, o.differ, unjudged, o.firm, o.cases-o.firm)
	}
	if err == nil && o.differ > 0 {
		return refuted
	}
	return err
}

func (v validation) verdict() string {
	if v.Valid {
		return "valid"
	}
	return orDash(v.Code) + ", " + v.explained()
}
