package server

import (
	"context"
	"net/http"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/store"
)

// Revision returns the newest revision of all that is remembered of the first account and of the server itself. While it is the
// same, nothing was written.
func (s *Server) Revision(ctx context.Context) (newest uint64, err error) {
	err = s.world.Load().identities.Store().View(ctx, store.Space(s.options.Account), func(r store.Reader) error {
		newest = r.Revision()
		for _, other := range []store.Space{service.Directory, "server", "organization"} {
			newest = max(newest, r.Foreign(other).Revision())
		}
		return nil
	})
	return newest, err
}

// Hurry makes the server impatient, before it serves: the limits stay, the times are short.
func (s *Server) Hurry(header, whole time.Duration) {
	s.http.ReadHeaderTimeout, s.http.ReadTimeout = header, whole
}

// RotateEvery says, before it serves, how often the server replaces its keys.
func (s *Server) RotateEvery(d time.Duration) { s.rotateEvery = d }

// Handler takes requests as the listener hands them over.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Issue issues a session of a role to a service, as what runs inside gets it.
func (s *Server) Issue(ctx context.Context, of service.RoleSession) (identity.Credentials, *identity.Caller, error) {
	return inside{s}.Issue(ctx, of)
}

// Invoke makes a call from inside.
func (s *Server) Invoke(ctx context.Context, i service.Invocation) (service.Answer, error) {
	return inside{s}.Invoke(ctx, i)
}

// Identify returns the caller that a request is of, as the door has it before anything is authorised.
func (s *Server) Identify(ctx context.Context, r *http.Request) (*identity.Caller, error) {
	signed, err := sigv4.Parse(r)
	if err != nil {
		return nil, err
	}
	return s.world.Load().identities.Authenticate(ctx, &signed, time.Now(), func(sigv4.SigningKey) error { return nil })
}
