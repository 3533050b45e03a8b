package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// A writer makes the user n, writes n into the description of its role, and deletes the user n-1, for n = 1, 2, 3 and so on. It knows
// what was acknowledged; of the step that was interrupted it knows that both outcomes are right.
type writer struct {
	role                   string
	made, written, deleted int // the last n that was acknowledged
	trying                 int
}

func (w *writer) user(n int) *string { return aws.String(fmt.Sprintf("%s-%d", w.role, n)) }

// write goes on until the server does not answer any more, and tells of each change that is acknowledged.
func (w *writer) write(ctx context.Context, c *iam.Client, acknowledged func()) {
	for {
		n := w.made + 1
		w.trying = n
		if _, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: w.user(n)}); err != nil {
			return
		}
		w.made = n
		acknowledged()
		if _, err := c.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: &w.role, Description: aws.String(strconv.Itoa(n))}); err != nil {
			return
		}
		w.written = n
		acknowledged()
		if n > 1 {
			if _, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: w.user(n - 1)}); err != nil {
				return
			}
			w.deleted = n - 1
			acknowledged()
		}
	}
}

// check compares what is there with what was acknowledged, and takes over what was not.
func (w *writer) check(ctx context.Context, c *iam.Client) error {
	out, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: &w.role})
	if err != nil {
		return err
	}
	written, _ := strconv.Atoi(aws.ToString(out.Role.Description)) // 0 before the first
	if written != w.written && written != w.trying {
		return fmt.Errorf("%s: %d was acknowledged, %d is there", w.role, w.written, written)
	}
	var present []int
	for n := max(1, w.deleted-1); n <= w.trying; n++ {
		exists, err := w.exists(ctx, c, n)
		switch {
		case err != nil:
			return err
		case exists && n <= w.deleted:
			return fmt.Errorf("%s: its deletion was acknowledged", *w.user(n))
		case !exists && n > w.deleted && n <= w.made && n != w.made-1: // whose deletion may have been under way
			return fmt.Errorf("%s: it was acknowledged", *w.user(n))
		case exists:
			present = append(present, n)
		}
	}
	w.written = written
	for i, n := range present {
		if w.made = n; i == len(present)-1 {
			break
		}
		if _, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: w.user(n)}); err != nil {
			return err
		}
	}
	w.deleted = w.made - 1
	return nil
}

func (w *writer) exists(ctx context.Context, c *iam.Client, n int) (bool, error) {
	_, err := c.GetUser(ctx, &iam.GetUserInput{UserName: w.user(n)})
	var missing *iamtypes.NoSuchEntityException
	if errors.As(err, &missing) {
		return false, nil
	}
	return err == nil, err
}

// TestKilledUnderLoad kills a server again and again while eight clients write. Nothing that was acknowledged is lost, nothing that was
// acknowledged as deleted comes back, and sessions from before the kill still work.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("AMBIT_SOAK")); err == nil {
		rounds = n
	}
	environ, data, ctx := home(t), filepath.Join(t.TempDir(), "data"), t.Context()
	p := serveReal(t, environ, "--data", data)
	admin := p.credentials(t)
	writers := make([]*writer, 8)
	for i := range writers {
		writers[i] = &writer{role: fmt.Sprint("writer", i)}
		if _, err := iam.NewFromConfig(p.config(admin)).CreateRole(ctx, &iam.CreateRoleInput{
			RoleName: &writers[i].role, AssumeRolePolicyDocument: aws.String(trustAccount)}); err != nil {
			t.Fatal(err)
		}
	}
	var sessions []aws.Credentials
	began, changes := time.Now(), 0
	for round := range rounds {
		session, err := p.assume(ctx, admin, writers[0].role)
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, session)
		changes += p.killUnder(t, writers, admin)
		p = serveReal(t, environ, "--data", data)
		for _, w := range writers {
			if err := w.check(ctx, iam.NewFromConfig(p.config(admin))); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		for _, c := range []aws.Credentials{sessions[0], sessions[round/2], session} {
			if _, err := sts.NewFromConfig(p.config(c)).GetCallerIdentity(ctx, nil); err != nil {
				t.Fatalf("round %d: a session of before: %v", round, err)
			}
		}
	}
	t.Logf("%d kills, %d acknowledged changes, %d sessions, in %v", rounds, changes, len(sessions), time.Since(began).Round(time.Second))
}

// killUnder kills the server while the writers write, and returns how many changes were acknowledged before.
func (p *process) killUnder(t *testing.T, writers []*writer, admin aws.Credentials) int {
	t.Helper()
	config := p.config(admin)
	transport := &http.Transport{MaxIdleConnsPerHost: len(writers)}
	defer transport.CloseIdleConnections()
	config.HTTPClient = &http.Client{Transport: transport, Timeout: time.Minute}
	var wg sync.WaitGroup
	var changes atomic.Int64
	last, enough := int64(1+rand.IntN(200)), make(chan struct{})
	for _, w := range writers {
		wg.Go(func() {
			w.write(t.Context(), iam.NewFromConfig(config), func() {
				if changes.Add(1) == last {
					close(enough)
				}
			})
		})
	}
	written := make(chan struct{})
	go func() { wg.Wait(); close(written) }()
	select {
	case <-enough:
	case <-written:
		t.Errorf("the server does not answer any more after %d changes", changes.Load())
	}
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // killed
	<-written
	return int(changes.Load())
}

// assume returns a session of a role.
func (p *process) assume(ctx context.Context, by aws.Credentials, role string) (aws.Credentials, error) {
	out, err := sts.NewFromConfig(p.config(by)).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/" + role), RoleSessionName: aws.String("session")})
	if err != nil {
		return aws.Credentials{}, err
	}
	return aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}, nil
}
