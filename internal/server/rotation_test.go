package server_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/server"
)

// TestKeysAreReplacedWhileTheServerRuns: sessions of before go on, and so do those of every generation since.
func TestKeysAreReplacedWhileTheServerRuns(t *testing.T) {
	t.Parallel()
	r := startAfter(t, nil, func(s *server.Server) { s.RotateEvery(20 * time.Millisecond) })
	r.role(t, "worker", nil)
	var sessions []aws.Credentials
	for range 5 {
		out, err := r.sts(r.admin()).AssumeRole(t.Context(), &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::123456789012:role/worker"), RoleSessionName: aws.String("session")})
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, sessionOf(out))
		before := r.revision(t)
		for began := time.Now(); r.revision(t) == before; time.Sleep(time.Millisecond) {
			if time.Since(began) > quickly {
				t.Fatal("the keys stay the same")
			}
		}
	}
	for i, c := range sessions {
		if _, err := r.sts(c).GetCallerIdentity(t.Context(), nil); err != nil {
			t.Errorf("session %d: %v", i, err)
		}
	}
}
