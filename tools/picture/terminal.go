package main

import (
	"fmt"
	"strings"
)

// A step is one of the tour's, as `ambit tour -o json` has it.
type step struct {
	Document, Text, Command, Printed, Why string
	Refused                               bool
}

// columns is how wide the terminal is.
const columns = 112

// A style is how a line stands out.
type style string

// The styles, each a class in the picture.
const (
	plain   style = "plain"
	title   style = "title"
	remark  style = "remark"
	command style = "command"
	refusal style = "refusal"
	why     style = "why"
	left    style = "left" // where steps are left out
)

// A line of the terminal.
type line struct {
	style style
	text  string
}

// chosen are the commands that are shown, by how they begin, in the order in which they are typed; all others are left out.
var chosen = []string{
	"aws iam attach-role-policy",
	"aws ec2 describe-instances",
	"aws s3 ls",
	"aws iam create-role --role-name MyTestAppRole",
	"aws dynamodb scan",
	"aws dynamodb put-item --region us-east-1",
}

// terminal is what the terminal shows of the steps.
func terminal(steps []step) ([]line, error) {
	lines := []line{{command, "$ ambit tour"}}
	document, at, skipped, text := "", 0, false, ""
	for _, s := range steps {
		if s.Document != document {
			lines = append(lines, line{plain, ""}, line{title, "== " + s.Document + " =="})
			document, skipped, text = s.Document, false, ""
		}
		if s.Text != "" {
			text = s.Text
		}
		if at == len(chosen) || !strings.HasPrefix(s.Command, chosen[at]) {
			skipped = true
			continue
		}
		at++
		if lines = append(lines, line{plain, ""}); skipped {
			lines = append(lines, line{left, "…"})
		}
		lines, skipped = s.appendTo(lines, text), false
		text = ""
	}
	if at < len(chosen) {
		return nil, fmt.Errorf("the tour does not type %s", chosen[at])
	}
	return append(lines, line{plain, ""}, line{left, "…"}), nil
}

// appendTo adds what a step shows.
func (s step) appendTo(lines []line, text string) []line {
	add := func(as style, text string) {
		for _, row := range wrap(text) {
			lines = append(lines, line{as, row})
		}
	}
	if text != "" {
		add(remark, "# "+text)
	}
	add(command, "$ "+s.Command)
	if printed := strings.Trim(s.Printed, "\n"); printed != "" {
		add(map[bool]style{true: refusal, false: plain}[s.Refused], printed)
	}
	if s.Why != "" {
		add(why, "why: "+s.Why)
	}
	return lines
}

// wrap breaks lines that are too wide, between words where it can.
func wrap(text string) []string {
	var out []string
	for row := range strings.SplitSeq(text, "\n") {
		letters := []rune(row)
		for len(letters) > columns {
			at := columns
			for at > 0 && letters[at] != ' ' {
				at--
			}
			if at == 0 {
				at = columns
			}
			out = append(out, string(letters[:at]))
			letters = []rune(strings.TrimLeft(string(letters[at:]), " "))
		}
		out = append(out, string(letters))
	}
	return out
}
