package ambittest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"go.uber.org/goleak"

	"github.com/ambit-iam/ambit/ambittest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func who(t *testing.T, c aws.Config) string {
	t.Helper()
	out, err := sts.NewFromConfig(c).GetCallerIdentity(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return *out.Arn
}

// Two Ambits know nothing of each other, and each has its admin, its root user and its accounts.
func TestStart(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, b := ambittest.Start(t), ambittest.Start(t, ambittest.Options{Account: "210987654321", Region: "eu-central-1"})
	if a.Account() != "123456789012" || a.Region() != "us-east-1" || b.Account() != "210987654321" || b.Region() != "eu-central-1" {
		t.Errorf("%s %s, %s %s", a.Account(), a.Region(), b.Account(), b.Region())
	}
	member, err := a.AddAccount(ctx, "111122223333")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		config aws.Config
		want   string
	}{
		{a.Admin(), "arn:aws:iam::123456789012:user/admin"}, {a.Root(), "arn:aws:iam::123456789012:root"},
		{b.Admin(), "arn:aws:iam::210987654321:user/admin"}, {member, "arn:aws:iam::111122223333:root"},
	} {
		if got := who(t, tt.config); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
	foreign := a.Admin()
	foreign.BaseEndpoint = aws.String(b.Endpoint())
	if _, err := sts.NewFromConfig(foreign).GetCallerIdentity(ctx, nil); err == nil || !strings.Contains(err.Error(), "InvalidClientTokenId") {
		t.Errorf("a key of another Ambit: %v", err)
	}
	if _, err := a.AddAccount(ctx, "111122223333"); err == nil {
		t.Error("an account was made twice")
	}
	if _, err := ambittest.Open(ambittest.Options{Account: "12"}); err == nil {
		t.Error("an account of two digits")
	}
}

// As takes sessions too, and Now is the clock by which they expire.
func TestAsSession(t *testing.T) {
	t.Parallel()
	a := ambittest.Start(t, ambittest.Options{Now: func() time.Time { return time.Now().Add(4 * time.Minute) }})
	out, err := sts.NewFromConfig(a.Root()).GetSessionToken(context.Background(), &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)})
	if err != nil {
		t.Fatal(err)
	}
	session := a.As(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	if got := who(t, session); got != "arn:aws:iam::123456789012:root" {
		t.Error(got)
	}
	if left := time.Until(*out.Credentials.Expiration); left < 18*time.Minute || left > 19*time.Minute {
		t.Errorf("by the clock of the options, four minutes ahead, the session expires in %v", left)
	}
}

// Environ is what a program needs and nothing of the surroundings.
func TestEnviron(t *testing.T) {
	t.Parallel()
	a := ambittest.Start(t)
	environ, err := a.Environ(a.Admin())
	if err != nil || !slices.Contains(environ, "AWS_ENDPOINT_URL="+a.Endpoint()) || !slices.Contains(environ, "AWS_SESSION_TOKEN=") {
		t.Errorf("%q %v", environ, err)
	}
	if _, err := a.Environ(aws.Config{}); err == nil {
		t.Error("an environment without credentials")
	}
	if _, err := iam.NewFromConfig(a.Admin()).GetUser(context.Background(), nil); err != nil {
		t.Error(err)
	}
}
