package ambittest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/server"
)

// Options change what Start runs. The zero Options are ready for use.
type Options struct {
	// Account is the number of the first account; 123456789012 if empty.
	Account string
	// Region is where clients are; us-east-1 if empty.
	Region string
	// Now is the clock, by which sessions expire and conditions on the time are judged; time.Now if nil. Clients sign by
	// their own clock, which must not differ by more than five minutes.
	Now func() time.Time
	// DenialARNs puts the ARN of the policy behind explicit denials, as AWS does since January 2026.
	DenialARNs bool
}

// An Ambit is a running server. It is safe for concurrent use.
type Ambit struct {
	server    *server.Server
	account   string
	region    string
	transport *http.Transport
	cancel    context.CancelFunc
	done      chan error
}

// Start runs an Ambit until the test ends. The test fails if it cannot start, or does not end as it should.
func Start(t testing.TB, options ...Options) *Ambit {
	t.Helper()
	var o Options
	switch len(options) {
	case 0:
	case 1:
		o = options[0]
	default:
		t.Fatal("ambittest.Start takes one Options")
	}
	a, err := Open(o)
	if err != nil {
		t.Fatalf("ambittest: %v", err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Errorf("ambittest: %v", err)
		}
	})
	return a
}

// Open runs an Ambit until Close, where there is no test.
func Open(o Options) (*Ambit, error) {
	a := &Ambit{account: o.Account, region: o.Region, transport: &http.Transport{}, done: make(chan error, 1)}
	if a.account == "" {
		a.account = "123456789012"
	}
	if a.region == "" {
		a.region = "us-east-1"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := server.Open(ctx, server.Options{
		Listen: "127.0.0.1:0", Memory: true, Account: a.account, Region: a.region, DenialARNs: o.DenialARNs, Now: o.Now,
		Environ: func(string) (string, bool) { return "", false }, // a test does not depend on where it runs
		Logger:  slog.New(slog.DiscardHandler), Out: io.Discard,
	})
	if err != nil {
		cancel()
		return nil, err
	}
	a.server, a.cancel = s, cancel
	go func() { a.done <- s.Serve(ctx) }()
	return a, nil
}

// Close ends the server and forgets all it knew. It must be called once.
func (a *Ambit) Close() error {
	a.transport.CloseIdleConnections()
	a.cancel()
	return <-a.done
}

// Endpoint is where the server listens: http://127.0.0.1:PORT. One endpoint serves every service.
func (a *Ambit) Endpoint() string { return a.server.Endpoint() }

// Account is the number of the first account.
func (a *Ambit) Account() string { return a.account }

// Region is where clients are.
func (a *Ambit) Region() string { return a.region }

// Admin is the configuration of clients that act as the IAM user admin of the first account, who has AdministratorAccess.
func (a *Ambit) Admin() aws.Config { return a.configOf(a.server.Start().Admin) }

// Root is the configuration of clients that act as the first account's root user.
func (a *Ambit) Root() aws.Config { return a.configOf(a.server.Start().Root) }

// As is the configuration of clients that act with an access key; the session token is empty for keys of users and root users.
func (a *Ambit) As(accessKeyID, secretAccessKey, sessionToken string) aws.Config {
	c := aws.Credentials{AccessKeyID: accessKeyID, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Source: "ambittest"}
	return aws.Config{
		BaseEndpoint: aws.String(a.Endpoint()), Region: a.region, HTTPClient: &http.Client{Transport: a.transport},
		Credentials:      aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c, nil }),
		RetryMaxAttempts: 1, // a refusal stays one
	}
}

// AddAccount makes a further account and returns the configuration of clients that act as its root user.
func (a *Ambit) AddAccount(ctx context.Context, number string) (aws.Config, error) {
	key, err := a.server.AddAccount(ctx, number, identity.StartKey{})
	if err != nil {
		return aws.Config{}, err
	}
	return a.configOf(key), nil
}

// Environ is the environment, as name=value, of a program that is to act with a configuration of this Ambit: the AWS CLI, or any
// program with an AWS SDK. The program must not get AWS_PROFILE besides: some clients prefer it to keys, and others fail when it is
// empty.
func (a *Ambit) Environ(c aws.Config) ([]string, error) {
	if c.Credentials == nil {
		return nil, errors.New("the configuration has no credentials")
	}
	k, err := c.Credentials.Retrieve(context.Background())
	if err != nil {
		return nil, err
	}
	return []string{
		"AWS_ENDPOINT_URL=" + a.Endpoint(), "AWS_REGION=" + a.region, "AWS_DEFAULT_REGION=" + a.region,
		"AWS_ACCESS_KEY_ID=" + k.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + k.SecretAccessKey, "AWS_SESSION_TOKEN=" + k.SessionToken,
		"AWS_EC2_METADATA_DISABLED=true",
	}, nil
}

func (a *Ambit) configOf(k identity.StartKey) aws.Config {
	return a.As(string(k.ID), k.Secret.Reveal(), "")
}
