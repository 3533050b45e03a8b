package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/vector"
)

func newEval() *cobra.Command {
	c := &cobra.Command{
		Use:   "eval [FILE…|-]",
		Short: "Judge requests described in files, and say why",
		Long: `Eval judges evaluation vectors: requests with all the policies that bear on
them, as JSON arrays in the schema of docs/vectors.md. Without a FILE, or with
"-", it reads standard input. It prints one JSON array of answers:

  id, decision, deciding_policy_type, level, message, message_with_arn, reasons

With --check it compares the answers with what the vectors expect, and prints
the differences, and those answers whose expectation no AWS document settles.

Exit codes: 0 all judged (and, with --check, all agree), 1 a difference,
2 a wrong flag, or something that cannot be read or judged.`,
		Example: `  ambit eval request.json
  ambit eval -o table request.json
  ambit eval --check test/corpus/vectors/*.json
  jq '[.[] | select(.id == "seeds-P001")]' test/corpus/vectors/seeds.json | ambit eval`,
	}
	check := c.Flags().Bool("check", false, "compare with what the vectors expect; print differences")
	output := addOutput(c, "json", "table")
	c.RunE = func(c *cobra.Command, files []string) error {
		var out report
		switch {
		case *check:
			// The differences are for people unless somebody asks for data.
			out = newCheckReport(c.OutOrStdout(), output.json() && c.Flags().Changed("output"))
		case output.json():
			out = &answerArray{jsonArray{w: c.OutOrStdout()}}
		default:
			out = newAnswerTable(c.OutOrStdout())
		}
		return evaluate(c.InOrStdin(), files, out, &refusals{w: c.ErrOrStderr()}, &unknownActions{w: c.ErrOrStderr()})
	}
	return c
}

// An evalCase is a vector, where it came from, and the answer to it; nil when
// it could not be judged.
type evalCase struct {
	file   string
	index  int
	vector *vector.Vector
	answer *vector.Answer
}

// name is the id, or what stands for one that is missing.
func (c evalCase) name() string {
	if c.vector.ID == "" {
		return element("vector", c.index, "")
	}
	return oneLine(shown(c.vector.ID))
}

// A report prints cases as they come, so that what is held does not grow with
// their number.
type report interface {
	add(evalCase) error
	// end prints what is left to say; complete is false when the input could
	// not be read to its end.
	end(complete bool) error
}

// evaluate judges one vector after the other. One that cannot be judged is told
// and does not hide the answers to the others; a file that is no array of
// vectors ends it.
func evaluate(in io.Reader, files []string, out report, refused *refusals, unknown *unknownActions) error {
	if len(files) == 0 {
		files = []string{"-"}
	}
	var err error
	for _, file := range files {
		ids := make(idSet)
		err = eachElement(in, file, "vectors", func(text []byte, index int) error {
			c := evalCase{file: file, index: index}
			var err error
			c.vector, err = readVector(text, index, ids)
			if err == nil {
				known := spell(c.vector)
				if c.answer, err = c.vector.Judge(); err == nil && !known {
					unknown.tell(c.vector, file, index)
				}
			}
			if err != nil {
				err = fmt.Errorf("%s: %s: %w", file, element("vector", index, c.vector.ID), err)
				if errors.Is(err, vector.ErrCase) {
					return err
				}
				refused.tell(err)
			}
			return out.add(c)
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

func readVector(text []byte, index int, ids idSet) (*vector.Vector, error) {
	v, err := vector.Parse(text)
	if err == nil {
		err = ids.add("vector", index, v.ID)
	}
	return v, err
}

// answerArray prints answers as a JSON array.
type answerArray struct{ jsonArray }

func (a *answerArray) add(c evalCase) error {
	if c.answer == nil {
		return nil
	}
	return a.jsonArray.add(c.answer)
}

// An answerTable prints one line per answer. The columns are laid out anew for
// each thousand of lines.
type answerTable struct {
	tabs *tabwriter.Writer
	rows int
}

func newAnswerTable(w io.Writer) *answerTable {
	return &answerTable{tabs: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
}

func (t *answerTable) add(c evalCase) error {
	if c.answer == nil {
		return nil
	}
	t.head()
	if t.rows++; t.rows%1000 == 0 {
		if err := t.tabs.Flush(); err != nil {
			return err
		}
	}
	a := c.answer
	_, err := fmt.Fprintf(t.tabs, "%s\t%s\t%s\t%s\n", c.name(), a.Decision, orDash(a.Deciding), orDash(a.Message))
	return err
}

func (t *answerTable) end(complete bool) error {
	if complete {
		t.head()
	}
	return t.tabs.Flush()
}

// head prints the headings once.
func (t *answerTable) head() {
	if t.rows == 0 {
		t.rows = 1
		fmt.Fprintln(t.tabs, "ID\tDECISION\tBY\tMESSAGE")
	}
}

func orDash(s *string) string {
	if s == nil {
		return "-"
	}
	return strings.TrimSpace(oneLine(*s))
}
