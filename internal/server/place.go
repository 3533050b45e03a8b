package server

import (
	"context"

	"github.com/ambit-iam/ambit/internal/identity"
)

// Place puts an account into an organization, or to another place in it; nil takes it out. It holds for every request that begins
// after it has returned.
func (s *Server) Place(ctx context.Context, account string, p *identity.Placement) error {
	return s.world.Load().identities.Place(ctx, account, p)
}
