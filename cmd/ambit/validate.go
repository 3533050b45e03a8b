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

// grammars are the values of --type, named as policy.ParseGrammar knows them.
var grammars = [...]string{"identity", "trust", "resource", "scp", "rcp"}

func newValidate() *cobra.Command {
	c := &cobra.Command{
		Use:   "validate --type identity|trust|resource|scp|rcp FILE…",
		Short: "Say whether policy documents would be accepted, and where not",
		Long: `Validate judges policy documents as AWS does when they are created. Each FILE
is the text of one document; "-" is standard input. Permissions boundaries and
session policies are of type identity. A refused document is printed with its
place, AWS's error code and message, and what is wrong in our words.

With --check each FILE is a JSON array of validation cases (docs/vectors.md)
instead, each naming its own type.

Exit codes: 0 all valid (with --check: all agree), 1 an invalid one (a
difference), 2 a wrong flag or a file that cannot be read. A file that is not
JSON is an invalid document.`,
		Example: `  ambit validate --type identity policy.json
  ambit validate --type trust -o json trust.json
  aws iam get-role --role-name demo --query Role.AssumeRolePolicyDocument | ambit validate --type trust -
  ambit validate --check test/corpus/validation/public.json`,
	}
	kind := c.Flags().String("type", "", "`type` of the documents: "+strings.Join(grammars[:], ", "))
	check := c.Flags().Bool("check", false, "judge arrays of validation cases and print differences")
	output := addOutput(c, "table", "json")
	_ = c.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(grammars[:], cobra.ShellCompDirectiveNoFileComp))
	c.Args = func(_ *cobra.Command, files []string) error {
		if len(files) == 0 {
			return errors.New(`no FILE named; give at least one, or "-" for standard input`)
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, files []string) error {
		if *check && *kind != "" {
			return errors.New("--check takes no --type: every case names its own kind; leave one of the two out")
		}
		if *check {
			return checkValidation(c, files, output.json())
		}
		g, err := parseGrammar(*kind)
		if err != nil {
			return err
		}
		return validateFiles(c, files, g, output.json())
	}
	return c
}

func parseGrammar(name string) (policy.Grammar, error) {
	g, ok := policy.ParseGrammar(name)
	if ok {
		return g, nil
	}
	all := strings.Join(grammars[:], ", ")
	if name == "" {
		return g, fmt.Errorf("--type is missing; give one of %s", all)
	}
	return g, fmt.Errorf("--type %q is not known; give one of %s", name, all)
}

// A validation is one element of what "validate -o json" prints.
type validation struct {
	File     string    `json:"file"`
	Valid    bool      `json:"valid"`
	Code     *string   `json:"error"`
	Message  *string   `json:"message"` // AWS's
	Detail   *string   `json:"detail"`  // what is wrong, in our words
	Position *position `json:"position"`
}

// position is where in the document the error is: line and column from 1,
// offset in bytes from 0.
type position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Offset int `json:"offset"`
}

// validateText judges one document.
func validateText(file, text string, g policy.Grammar) validation {
	_, err := policy.Check(text, g)
	if err == nil {
		return validation{File: file, Valid: true}
	}
	v := validation{File: file}
	var refusal *policy.Error
	if !errors.As(err, &refusal) {
		message := err.Error()
		v.Message = &message
		return v
	}
	v.Code, v.Message = &refusal.Code, &refusal.Message
	if mark := vector.ByteOrderMark([]byte(text[:min(len(text), 3)])); mark != "" {
		v.Detail = &mark
	} else if refusal.Detail != "" {
		v.Detail = &refusal.Detail
	}
	if refusal.Line > 0 {
		v.Position = &position{refusal.Line, refusal.Column, refusal.Offset}
	}
	return v
}

// validateFiles judges every file that can be read; those that cannot are told
// on standard error.
func validateFiles(c *cobra.Command, files []string, g policy.Grammar, asJSON bool) error {
	var code exitCode
	results := make([]validation, 0, len(files))
	for _, file := range files {
		text, err := readInput(c.InOrStdin(), file, policy.MaxDocument)
		if err != nil {
			fmt.Fprintln(c.ErrOrStderr(), "ambit: "+oneLine(err.Error()))
			code = unusable
			continue
		}
		v := validateText(file, string(text), g)
		if !v.Valid && code == 0 {
			code = refuted
		}
		results = append(results, v)
	}
	if asJSON {
		if err := printJSON(c.OutOrStdout(), results); err != nil {
			return err
		}
	} else {
		printValidations(c.OutOrStdout(), results)
	}
	if code != 0 {
		return code
	}
	return nil
}

func printValidations(w io.Writer, results []validation) {
	p := newPaint(w)
	for _, v := range results {
		if v.Valid {
			fmt.Fprintf(w, "%s: %s\n", oneLine(v.File), p.good("valid"))
			continue
		}
		fmt.Fprintln(w, oneLine(v.File)+v.place()+": "+p.bad(orDash(v.Code))+": "+v.explained())
	}
}

// place is ":LINE:COLUMN", the form that editors jump to.
func (v validation) place() string {
	if v.Position == nil {
		return ""
	}
	return fmt.Sprintf(":%d:%d", v.Position.Line, v.Position.Column)
}

func (v validation) explained() string {
	if v.Detail == nil {
		return orDash(v.Message)
	}
	return orDash(v.Message) + " (" + oneLine(*v.Detail) + ")"
}
