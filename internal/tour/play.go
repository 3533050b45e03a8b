package tour

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A Place is a server on which the documents are played, and its administrator's access key. It should be empty.
type Place struct {
	Endpoint, Region             string
	AccessKeyID, SecretAccessKey string
}

// A Step is one command that was typed, and what came of it.
type Step struct {
	Document string `json:"document"`
	Block    int    `json:"block"`          // of the document, from 1
	Text     string `json:"text,omitempty"` // what the document says before it
	Command  string `json:"command"`
	Printed  string `json:"printed"` // what the AWS CLI prints
	Refused  bool   `json:"refused"` // by a service
	Why      string `json:"why,omitempty"`
}

// Play types the documents and yields every step when it is done. It ends with the first error that is no refusal of a service.
func Play(ctx context.Context, place Place, documents ...Document) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		p := &player{place: place, client: client{place.Endpoint, &http.Client{Transport: transport, Timeout: 30 * time.Second}}}
		sh := newShell(p.program)
		if _, err := sh.do(ctx, `eval "$(ambit env)"`); err != nil {
			yield(Step{}, err)
			return
		}
		for _, d := range documents {
			for n, b := range d.Blocks {
				if !p.block(ctx, sh, Step{Document: d.Title, Block: n + 1, Text: b.Text}, b.Shell, yield) {
					return
				}
			}
		}
	}
}

// A player types documents.
type player struct {
	place  Place
	client client
}

func (p *player) administrator() aws.Credentials {
	return aws.Credentials{AccessKeyID: p.place.AccessKeyID, SecretAccessKey: p.place.SecretAccessKey}
}

// program runs what is typed.
func (p *player) program(ctx context.Context, name string, arguments []string, sh *shell) (string, error) {
	switch {
	case name == "aws":
		return p.awsCommand(ctx, arguments, sh)
	case name == "ambit" && len(arguments) == 1 && arguments[0] == "env":
		return fmt.Sprintf("unset AWS_SESSION_TOKEN\nexport AWS_ENDPOINT_URL=%s AWS_REGION=%s\nexport AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s\n",
			p.place.Endpoint, p.place.Region, p.place.AccessKeyID, p.place.SecretAccessKey), nil
	}
	return "", fmt.Errorf("no program %s on this tour", name)
}

// block types one block, and reports whether to go on. first is what is known of its first step.
func (p *player) block(ctx context.Context, sh *shell, first Step, typed string, yield func(Step, error) bool) bool {
	list, err := commands(typed)
	if err != nil {
		yield(first, err)
		return false
	}
	step := first
	for _, command := range list {
		step.Command = command
		if err := p.typed(ctx, sh, &step); err != nil {
			yield(step, fmt.Errorf("%s: %w", command, err))
			return false
		}
		if !yield(step, nil) {
			return false
		}
		step = Step{Document: first.Document, Block: first.Block}
	}
	return true
}

// typed runs a step's command. A refusal is an outcome, not an error.
func (p *player) typed(ctx context.Context, sh *shell, step *Step) (err error) {
	step.Printed, err = sh.do(ctx, step.Command)
	var told *refusal
	if !errors.As(err, &told) {
		return err
	}
	step.Printed, step.Refused = "\n"+told.Error()+"\n", true
	if told.denied() {
		step.Why, err = p.reason(ctx, told.requestID)
		return err
	}
	return nil
}
