package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/metadata"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/ec2"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Credentials of an instance last as long as on AWS and are replaced long before they expire.
const (
	instanceCredentialsLast = 6 * time.Hour
	instanceRotation        = time.Hour
)

const ec2Principal = "ec2.amazonaws.com"

// An instanceSource knows one instance, for its metadata service.
type instanceSource struct {
	of *instances
	at ec2.Place

	mu    sync.Mutex
	given map[metadata.Version]givenCredentials
}

var _ metadata.Source = (*instanceSource)(nil)

// givenCredentials are those that were issued last, and what they were issued for. A change of anything that bears on the account's
// permissions ends them: whether EC2 may still assume the role is judged anew.
type givenCredentials struct {
	metadata.Credentials
	role    identity.UniqueID
	bearing identity.Bearing
}

// Instance implements metadata.Source.
func (s *instanceSource) Instance(ctx context.Context) (metadata.Instance, bool, error) {
	running, _, ok, err := s.read(ctx)
	return running.Instance, ok, err
}

func (s *instanceSource) read(ctx context.Context) (running ec2.Running, bearing identity.Bearing, ok bool, err error) {
	err = s.of.identities.View(ctx, s.at.Account, func(r identity.Reader) (err error) {
		bearing = r.Bearing()
		running, ok, err = ec2.ReadRunning(r, s.of.identities.Partition(), s.at, s.of.now())
		return err
	})
	if err != nil {
		s.of.logger.Error("instance metadata", "instance", s.at.ID, "error", err)
	}
	return running, bearing, ok, err
}

// errNoRole says that the instance lost its role, or stopped, since it was asked what it has.
var errNoRole = errors.New("the instance has no role")

// Credentials implements metadata.Source.
func (s *instanceSource) Credentials(ctx context.Context, by metadata.Version) (metadata.Credentials, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	running, bearing, ok, err := s.read(ctx)
	if err != nil {
		return metadata.Credentials{}, err
	}
	if !ok || running.Role.ID == "" {
		return metadata.Credentials{}, errNoRole
	}
	now := s.of.now()
	if last, ok := s.given[by]; ok && last.role == running.Role.ID && last.bearing == bearing && now.Sub(last.Issued) < instanceRotation {
		return last.Credentials, nil
	}
	delete(s.given, by)
	issued, _, err := s.of.sessions.Issue(ctx, service.RoleSession{
		Service: ec2Principal, RoleARN: running.Role.ARN, Name: s.at.ID, Region: s.at.Region, Duration: instanceCredentialsLast,
		Delivery: running.Delivery(by),
	})
	var fault *wire.Fault
	switch {
	case errors.As(err, &fault) && fault.Code == "AccessDenied":
		return metadata.Credentials{}, metadata.ErrNotTrusted
	case err != nil:
		s.of.logger.Error("instance credentials", "instance", s.at.ID, "error", err)
		return metadata.Credentials{}, err
	}
	given := givenCredentials{role: running.Role.ID, bearing: bearing, Credentials: metadata.Credentials{
		AccessKeyID: string(issued.AccessKeyID), SecretAccessKey: issued.Secret.Reveal(), Token: issued.SessionToken, Issued: now, Expires: issued.Expires,
	}}
	if s.given == nil {
		s.given = map[metadata.Version]givenCredentials{}
	}
	s.given[by] = given
	return given.Credentials, nil
}
