package main

import (
	"bytes"
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

  id, decision, deciding_policy_type, message, message_with_arn, reasons

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
		cases, err := readCases(c.InOrStdin(), files)
		if err != nil {
			return err
		}
		unjudged := judge(cases, c.ErrOrStderr())
		if *check {
			// The differences are for people unless somebody asks for data.
			return checkCases(c.OutOrStdout(), cases, unjudged, output.json() && c.Flags().Changed("output"))
		}
		if err := printAnswers(c.OutOrStdout(), cases, output.json()); err != nil {
			return err
		}
		if unjudged > 0 {
			return unusable
		}
		return nil
	}
	return c
}

// An evalCase is a vector, where it came from, and the answer to it; nil when
// it could not be judged.
type evalCase struct {
	file   string
	vector vector.Vector
	answer *vector.Answer
}

// readCases reads all files before anything is judged: half an input is none.
func readCases(in io.Reader, files []string) ([]evalCase, error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	var cases []evalCase
	for _, file := range files {
		text, err := readInput(in, file, maxVectors)
		if err != nil {
			return nil, err
		}
		if len(text) > maxVectors {
			return nil, fmt.Errorf("%s: longer than %d bytes; split it", file, maxVectors)
		}
		vectors, err := vector.Read(bytes.NewReader(text))
		if err != nil {
			return nil, notArray(file, text, err)
		}
		for _, v := range vectors {
			cases = append(cases, evalCase{file: file, vector: v})
		}
	}
	return cases, nil
}

// judge answers every case, and tells on stderr, one line each, those that
// cannot be judged. It returns how many those are.
func judge(cases []evalCase, stderr io.Writer) (unjudged int) {
	for i := range cases {
		c := &cases[i]
		answer, err := c.vector.Judge()
		if err != nil {
			unjudged++
			fmt.Fprintln(stderr, "ambit: "+oneLine(fmt.Sprintf("%s: %v", c.file, err)))
			continue
		}
		c.answer = answer
	}
	return unjudged
}

func printAnswers(w io.Writer, cases []evalCase, asJSON bool) error {
	answers := make([]*vector.Answer, 0, len(cases))
	for _, c := range cases {
		if c.answer != nil {
			answers = append(answers, c.answer)
		}
	}
	if asJSON {
		return printJSON(w, answers)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tDECISION\tBY\tMESSAGE")
	for _, a := range answers {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", oneLine(a.ID), a.Decision, orDash(a.Deciding), orDash(a.Message))
	}
	return t.Flush()
}

func orDash(s *string) string {
	if s == nil {
		return "-"
	}
	return strings.TrimSpace(oneLine(*s))
}
