package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// An explanation is what the server says about one request.
type explanation struct {
	RequestID    string              `json:"requestID"`
	Operation    string              `json:"operation"`
	Time         string              `json:"time"`
	Principal    string              `json:"principal"`
	ErrorCode    string              `json:"errorCode"`
	ErrorMessage string              `json:"errorMessage"`
	Questions    []explainedQuestion `json:"questions"`
	Omitted      int                 `json:"questionsOmitted"`
}

type explainedQuestion struct {
	Action     string               `json:"action"`
	Resource   string               `json:"resource"`
	Verdict    string               `json:"verdict"`
	PolicyType string               `json:"policyType"`
	Context    map[string][]string  `json:"context"`
	Notes      map[string]string    `json:"notes"`
	Policies   []explainedPolicy    `json:"policies"`
	Statements []explainedStatement `json:"statements"`
	Changes    []string             `json:"changes"`
}

type explainedPolicy struct {
	PolicyType string `json:"policyType"`
	Name       string `json:"name"`
}

type explainedStatement struct {
	PolicyType string               `json:"policyType"`
	Policy     string               `json:"policy"`
	Statement  int                  `json:"statement"`
	Sid        string               `json:"sid"`
	Line       int                  `json:"line"`
	Column     int                  `json:"column"`
	Effect     string               `json:"effect"`
	Matched    bool                 `json:"matched"`
	NotSpared  *explainedNotSpared  `json:"notSpared"`
	Conditions []explainedCondition `json:"conditions"`
	Miss       *explainedMiss       `json:"miss"`
}

// An explainedNotSpared is why a NotPrincipal does not leave the caller out.
type explainedNotSpared struct {
	Missing []string `json:"missing"`
	Bounded bool     `json:"bounded"`
}

// An explainedCondition is one of a matching deny.
type explainedCondition struct {
	Operator string   `json:"operator"`
	Key      string   `json:"key"`
	Want     []string `json:"want"`
	Got      []string `json:"got"`
	Absent   bool     `json:"absent"`
}

type explainedMiss struct {
	Part       string         `json:"part"`
	Operator   string         `json:"operator"`
	Key        string         `json:"key"`
	Not        bool           `json:"not"`
	Want       []string       `json:"want"`
	Got        []string       `json:"got"`
	Unresolved []string       `json:"unresolved"`
	Absent     bool           `json:"absent"`
	Others     int            `json:"otherConditions"`
	Also       *explainedMiss `json:"also"`
}

func newExplain() *cobra.Command {
	c := &cobra.Command{
		Use:   "explain REQUEST-ID",
		Short: "Say why the running server answered a request as it did",
		Long: `Explain names, for a request of the running server, every question that was
asked about it, every policy and statement that bore on the answer, the
conditions that failed with the values they wanted and those they met, and what
would have to be different. The id of a request is in every answer of the
server; clients print it with errors, and "ambit log" lists it.

Exit codes: 0 explained, 2 no such request, no running server or a wrong flag.`,
		Args: oneArgument("the id of a request; ambit log lists them"),
		Example: `  ambit explain 5a6f9c1e-8d3b-4f0a-9c55-0d8e8f3b7a21
  ambit explain 5a6f9c1e-8d3b-4f0a-9c55-0d8e8f3b7a21 -o json`,
	}
	k := addCaller(c)
	output := addOutput(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		var answer struct {
			Explanation string `xml:"ExplainDecisionResult>Explanation"`
		}
		if err := k.call(c.Context(), "ExplainDecision", url.Values{"RequestId": args}, &answer); err != nil {
			return err
		}
		if output.json() {
			return printJSON(c.OutOrStdout(), json.RawMessage(answer.Explanation))
		}
		var e explanation
		if err := json.Unmarshal([]byte(answer.Explanation), &e); err != nil {
			return err
		}
		return e.print(c.OutOrStdout())
	}
	return c
}

// print writes the explanation for a person.
func (e *explanation) print(w io.Writer) error {
	b := &explainedLines{paint: newPaint(w)}
	b.addf("%s  %s\n%s  by %s\n", e.RequestID, e.Time, e.Operation, e.Principal)
	if e.ErrorCode != "" {
		b.addf("%s: %s\n", e.ErrorCode, e.ErrorMessage)
	}
	for i := range e.Questions {
		e.Questions[i].print(b)
	}
	if e.Omitted > 0 {
		b.addf("\n%d more questions were not written down: the record would have been too long.\n", e.Omitted)
	}
	_, err := b.WriteTo(w)
	return err
}

// explainedLines are what is said to a person.
type explainedLines struct {
	bytes.Buffer
	paint paint
}

func (b *explainedLines) addf(format string, args ...any) { _ = linef(&b.Buffer, format, args...) } // a Buffer takes everything

func (b *explainedLines) heading(text string, n int) {
	if n > 0 {
		b.addf("  %s:\n", text)
	}
}

func (q *explainedQuestion) print(b *explainedLines) {
	verdict := b.paint.good(oneLine(q.Verdict))
	if q.Verdict != "allow" {
		verdict = b.paint.bad(oneLine(q.Verdict)) + " by " + oneLine(q.PolicyType)
	}
	b.addf("\n%s on %s: %s\n", q.Action, q.Resource, painted(verdict))
	b.heading("what would have to change", len(q.Changes))
	for _, change := range q.Changes {
		b.addf("    %s\n", change)
	}
	b.heading("statements", len(q.Statements))
	for i := range q.Statements {
		b.addf("    %s\n", q.Statements[i].line())
	}
	b.heading("policies that were judged", len(q.Policies))
	for _, d := range q.Policies {
		b.addf("    %-9s %s\n", d.PolicyType, d.Name)
	}
	b.heading("condition keys", len(q.Context))
	for _, key := range slices.Sorted(maps.Keys(q.Context)) {
		b.addf("    %s = %s", key, strings.Join(q.Context[key], ", "))
		if note := q.Notes[key]; note != "" {
			b.addf(" (%s)", note)
		}
		b.addf("\n")
	}
}

// line says in one line where a statement stands and whether it matched.
func (s *explainedStatement) line() string {
	name := strings.TrimSpace(s.PolicyType+" "+s.Policy) + fmt.Sprintf(", statement %d", s.Statement+1)
	if s.Sid != "" {
		name += " (" + s.Sid + ")"
	}
	name += fmt.Sprintf(" at %d:%d, %s: ", s.Line, s.Column, s.Effect)
	if s.Matched || s.Miss == nil {
		return name + "matches" + s.because()
	}
	var parts []string
	for m := s.Miss; m != nil; m = m.Also {
		parts = append(parts, m.line())
	}
	return name + strings.Join(parts, "; and ")
}

// because says what made a deny match that is not plain to see: the NotPrincipal that did not spare the caller, and the conditions.
func (s *explainedStatement) because() string {
	var parts []string
	if n := s.NotSpared; n != nil {
		if n.Bounded {
			parts = append(parts, "NotPrincipal leaves out no caller that has a permissions boundary")
		}
		if len(n.Missing) > 0 {
			parts = append(parts, "NotPrincipal does not list "+strings.Join(n.Missing, ", "))
		}
	}
	for i := range s.Conditions {
		parts = append(parts, s.Conditions[i].line())
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, "; and ")
}

// line says what a condition wants and what it met.
func (c *explainedCondition) line() string {
	met := strings.Join(c.Got, ", ")
	if c.Absent {
		met = "nothing: the request does not have the key"
	}
	return fmt.Sprintf("%s %s wants %s and met %s", c.Operator, c.Key, strings.Join(c.Want, ", "), met)
}

// line says what one part wants and what it met.
func (m *explainedMiss) line() string {
	switch {
	case m.Part != "condition" && m.Not:
		return m.Part + " is left out by Not" + strings.ToUpper(m.Part[:1]) + m.Part[1:] + ": " + strings.Join(m.Want, ", ") + m.unresolved()
	case m.Part != "condition":
		return m.Part + " is another: " + strings.Join(m.Want, ", ") + m.unresolved()
	}
	c := explainedCondition{Operator: m.Operator, Key: m.Key, Want: m.Want, Got: m.Got, Absent: m.Absent}
	text := c.line() + m.unresolved()
	if m.Others > 0 {
		text += fmt.Sprintf(" (and %d more)", m.Others)
	}
	return text
}

// unresolved names the policy variables that the request leaves without a value.
func (m *explainedMiss) unresolved() string {
	if len(m.Unresolved) == 0 {
		return ""
	}
	return "; the request has no value for ${" + strings.Join(m.Unresolved, "}, ${") + "}"
}
