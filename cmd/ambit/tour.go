package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/server"
	"github.com/ambit-iam/ambit/internal/tour"
)

func newTour() *cobra.Command {
	step := false
	c := &cobra.Command{
		Use:   "tour",
		Short: "Play two documents about permissions boundaries, and say why each refusal is one",
		Long: `Tour plays "Understanding AWS IAM Permissions Boundaries" and the AWS Security
Blog's "Delegate permission management to developers by using IAM permissions
boundaries" against a server of its own, which keeps nothing and is gone at the
end. It shows every command as it would be typed, what the AWS CLI prints, and
for each refusal the statement or the policy that made it one. The calls are
really made; the AWS CLI need not be there.

Exit codes: 0 played, 2 it could not be played, or a wrong flag.`,
		Args: cobra.NoArgs,
		Example: `  ambit tour
  ambit tour --step
  ambit tour -o json | jq -r '.[] | select(.refused) | .why'`,
	}
	c.Flags().BoolVar(&step, "step", false, "wait for Enter after each command")
	output := addOutput(c, "text", "json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		var g guide = &talkingGuide{out: c.OutOrStdout(), paint: newPaint(c.OutOrStdout())}
		if output.json() {
			g = &writingGuide{jsonArray{w: c.OutOrStdout()}}
		}
		if step {
			g = &waitingGuide{guide: g, in: bufio.NewReader(c.InOrStdin()), out: c.ErrOrStderr()}
		}
		return playTour(c.Context(), g)
	}
	return c
}

// A guide shows the steps of the tour.
type guide interface {
	show(s tour.Step) error
	end(complete bool) error
}

// playTour plays the documents on a server that keeps nothing.
func playTour(ctx context.Context, g guide) (err error) {
	s, err := server.Open(ctx, server.Options{
		Listen: "127.0.0.1:0", Memory: true, Account: "123456789012", Region: "us-east-1", Out: io.Discard, Now: time.Now,
		Environ: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	serving, stop := context.WithCancel(ctx)
	go func() { served <- s.Serve(serving) }()
	defer func() {
		stop()
		if ended := <-served; err == nil {
			err = ended
		}
	}()
	admin := s.Start().Admin
	place := tour.Place{Endpoint: s.Endpoint(), Region: "us-east-1", AccessKeyID: string(admin.ID), SecretAccessKey: admin.Secret.Reveal()}
	for step, err := range tour.Play(ctx, place, tour.Documents()...) {
		if err == nil {
			err = g.show(step)
		}
		if err != nil {
			return err
		}
	}
	return g.end(true)
}

// A writingGuide writes the steps as JSON.
type writingGuide struct{ jsonArray }

func (g *writingGuide) show(s tour.Step) error { return g.add(s) }

// A talkingGuide shows the steps to a person.
type talkingGuide struct {
	out      io.Writer
	paint    paint
	document string
	block    int
	commands int
	refused  int
}

// show writes a step: what is about to happen, the command, what it prints, and why it was refused.
func (g *talkingGuide) show(s tour.Step) error {
	var b strings.Builder
	if s.Document != g.document {
		fmt.Fprintf(&b, "%s\n\n", g.paint.with("1", "== "+s.Document+" =="))
		g.document, g.block = s.Document, 0
	}
	if s.Block != g.block {
		if s.Text != "" {
			fmt.Fprintf(&b, "%s\n\n", g.paint.with("36", "# "+strings.ReplaceAll(s.Text, "\n", "\n# ")))
		}
		g.block = s.Block
	}
	fmt.Fprintf(&b, "$ %s\n", g.paint.with("1", s.Command))
	if printed := strings.Trim(s.Printed, "\n"); printed != "" {
		if s.Refused {
			printed = g.paint.bad(printed)
			g.refused++
		}
		fmt.Fprintf(&b, "%s\n", printed)
	}
	if s.Why != "" {
		fmt.Fprintf(&b, "%s\n", g.paint.with("33", "why: "+s.Why))
	}
	g.commands++
	b.WriteByte('\n')
	_, err := io.WriteString(g.out, b.String())
	return err
}

func (g *talkingGuide) end(bool) error {
	_, err := fmt.Fprintf(g.out, "%d commands, %d of them refused, each for a reason. The server was this process and is gone.\n"+
		"To type them yourself: ambit serve --memory, and in a second terminal: eval \"$(ambit env)\"\n", g.commands, g.refused)
	return err
}

// A waitingGuide waits for Enter before each step but the first.
type waitingGuide struct {
	guide
	in    *bufio.Reader
	out   io.Writer
	shown bool
	over  bool // nobody will press Enter any more
}

func (g *waitingGuide) show(s tour.Step) error {
	if g.shown && !g.over {
		if _, err := io.WriteString(g.out, "(Enter) "); err != nil {
			return err
		}
		if _, err := g.in.ReadString('\n'); err != nil {
			g.over = true
		}
	}
	g.shown = true
	return g.guide.show(s)
}
