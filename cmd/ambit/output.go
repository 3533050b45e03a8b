package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// addOutput gives a command the flag -o, restricted to the named formats; the
// first is the default.
func addOutput(c *cobra.Command, formats ...string) *outputFormat {
	o := &outputFormat{formats: formats, chosen: formats[0]}
	c.Flags().VarP(o, "output", "o", "output `format`: "+strings.Join(formats, " or "))
	// The only error is a flag that does not exist, and it was made just above.
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return o
}

// An outputFormat is the value of the flag -o.
type outputFormat struct {
	formats []string
	chosen  string
}

func (o *outputFormat) String() string { return o.chosen }

// Type names the value in the help text.
func (o *outputFormat) Type() string { return "format" }

// Set refuses formats that the command does not have.
func (o *outputFormat) Set(s string) error {
	if !slices.Contains(o.formats, s) {
		return fmt.Errorf("there is %s", strings.Join(o.formats, " and "))
	}
	o.chosen = s
	return nil
}

func (o *outputFormat) json() bool { return o.chosen == "json" }

// printJSON writes v as people and scripts read it: indented, and with < and >
// as they are.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// paint colours words when a person is looking.
type paint bool

// newPaint decides whether to colour what goes to w: only on a terminal, and
// not where NO_COLOR is set (no-color.org).
func newPaint(w io.Writer) paint {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return paint(err == nil && info.Mode()&os.ModeCharDevice != 0)
}

func (p paint) good(s string) string { return p.with("32", s) }
func (p paint) bad(s string) string  { return p.with("31", s) }

func (p paint) with(code, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
