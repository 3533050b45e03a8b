package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

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

// printJSON writes v as people and scripts read it: indented, with < and > as
// they are, and with nothing in it that a terminal would obey.
func printJSON(w io.Writer, v any) error {
	text, err := jsonText(v, "")
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// jsonText is v with every line but the first behind prefix, and a line feed
// at the end.
func jsonText(v any, prefix string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	if bytes.IndexFunc(b.Bytes(), obeyed) < 0 {
		return b.Bytes(), nil
	}
	// What the encoder leaves is inside of strings: it escapes the others of C0,
	// and outside there is only ASCII and its own line feeds.
	var out []byte
	for _, r := range b.String() {
		if r != '\n' && obeyed(r) {
			out = fmt.Appendf(out, "\\u%04x", r)
		} else {
			out = utf8.AppendRune(out, r)
		}
	}
	return out, nil
}

// A jsonArray prints an array one element at a time, as [printJSON] would print
// it whole.
type jsonArray struct {
	w     io.Writer
	begun bool
}

func (a *jsonArray) add(v any) error {
	text, err := jsonText(v, "  ")
	if err != nil {
		return err
	}
	before := ",\n  "
	if !a.begun {
		a.begun, before = true, "[\n  "
	}
	_, err = a.w.Write(append([]byte(before), bytes.TrimSuffix(text, []byte("\n"))...))
	return err
}

// end closes the array. Where the input turned out to be none, complete is
// false, and an array that was not begun is not printed.
func (a *jsonArray) end(complete bool) error {
	var err error
	switch {
	case a.begun:
		_, err = io.WriteString(a.w, "\n]\n")
	case complete:
		_, err = io.WriteString(a.w, "[]\n")
	}
	return err
}

// oneLine makes a line for people of somebody's text: what would end the line,
// move a terminal's cursor, or turn the direction of writing is escaped, and so
// are bytes that are not UTF-8.
func oneLine(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, obeyed) < 0 {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case obeyed(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// A painted is text that may go to a terminal as it is: our own colours around
// what [oneLine] has made of somebody's.
type painted string

// linef prints like Fprintf what the server said, for people: every string among
// args is made one line.
func linef(w io.Writer, format string, args ...any) error {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = oneLine(s)
		}
	}
	_, err := fmt.Fprintf(w, format, args...)
	return err
}

// obeyed reports whether terminals act on a character instead of showing it:
// control characters, line separators, and Unicode's bidirectional overrides
// and isolates, with which a text can pass for another.
func obeyed(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f:
	case r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
	default:
		return false
	}
	return true
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
