package server

import (
	"context"
	"errors"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
)

// How often the keys are replaced that seal session tokens, encoded messages and markers, and how soon it is tried again when the
// disk refused. What was sealed before stays good for the life of the longest session.
const (
	rotateEvery = 24 * time.Hour
	retryAfter  = time.Hour
)

// rotateKeys replaces the keys from time to time until ctx ends. A start replaces those that are older.
func (s *Server) rotateKeys(ctx context.Context) {
	wait := s.rotateEvery
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = s.rotateEvery
		err := s.world.Load().identities.RotateKeys(ctx)
		switch {
		case err == nil:
			s.options.Logger.Debug("keys of session tokens were replaced")
		case errors.Is(err, store.ErrClosed), ctx.Err() != nil: // a reset put another world in its place, or this is the end
		default:
			s.options.Logger.Error("keys of session tokens were not replaced", "error", err)
			wait = min(wait, retryAfter)
		}
	}
}
