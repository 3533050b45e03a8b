package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"

	"github.com/ambit-iam/ambit/catalog"
	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/front"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service/lambda"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// memoryRecords is how many audit records a server without a disk keeps.
const memoryRecords = 10_000

// A world is everything that a reset replaces: the state, and what reads it.
type world struct {
	identities *identity.Registry
	planes     *planes
	log        audit.Log
	door       *front.Door
	instances  *instances
	functions  *functions
}

// newWorld opens the state and puts the door before it. keys are the start keys to have; zero ones are stored or drawn.
func (s *Server) newWorld(ctx context.Context, keys startKeys) (*world, error) {
	w := &world{planes: s.newPlanes()}
	var err error
	if w.identities, err = s.openIdentities(ctx, keys); err != nil {
		return nil, err
	}
	if w.log, err = s.openLog(); err != nil {
		return nil, errors.Join(err, w.identities.Close())
	}
	w.door = front.New(front.Options{
		Table: s.table, Identities: w.identities, Planes: w.planes, Log: w.log, Logger: s.options.Logger, Observer: s.metrics, Now: s.options.Now,
		Authorizer: authz.New(w.identities, authz.Options{DenialARNs: s.options.DenialARNs}),
		Unsigned:   s.unsigned(), Located: s.located(), Loopback: s.loopback, StrictTransport: s.options.StrictTransport,
	})
	w.functions = s.newFunctions(w)
	w.instances = s.newInstances(w)
	if err := w.instances.resume(ctx); err != nil {
		s.options.Logger.Error("instance metadata", "error", err)
	}
	return w, nil
}

func (w *world) close() error {
	return errors.Join(w.functions.close(), w.instances.close(), w.log.Close(), w.identities.Close(), w.planes.close())
}

// newPlanes returns what opens the data of data planes. Nothing is opened yet.
func (s *Server) newPlanes() *planes {
	if s.options.Memory {
		return newPlanes("")
	}
	return newPlanes(filepath.Join(s.options.Data, planesDirectory))
}

// startKeys are the access keys of the first account as the environment gives them.
type startKeys struct{ root, admin identity.StartKey }

func (s *Server) openIdentities(ctx context.Context, keys startKeys) (*identity.Registry, error) {
	o := identity.Options{
		Account: s.options.Account, AWSManaged: awsManaged, AWSManagedARNs: awsManagedARNs, Root: keys.root, Admin: keys.admin,
		NoAdminUser: s.options.NoAdminUser, Now: s.options.Now,
	}
	if s.options.Memory {
		return identity.Open(ctx, mem.New, o)
	}
	if o.Key = s.given.ring; o.Key == nil {
		o.KeyFile = filepath.Join(s.options.Data, keyFile)
	}
	return identity.Open(ctx, func(so store.Options) (store.Store, error) { return bolt.Open(s.options.Data, so) }, o)
}

func (s *Server) openLog() (audit.Log, error) {
	if s.options.Memory {
		return audit.NewRing(memoryRecords), nil
	}
	return audit.OpenSegments(filepath.Join(s.options.Data, auditDirectory), s.options.AuditMaxSize, s.options.Logger)
}

// awsManaged answers which AWS managed policies there are.
func awsManaged(arn string) (identity.AWSPolicy, bool) {
	p, ok := catalog.ManagedPolicy(arn)
	if !ok {
		return identity.AWSPolicy{}, false
	}
	return identity.AWSPolicy{
		ARN: p.ARN, Name: p.Name, Path: p.Path, ID: identity.UniqueID(p.ID), DefaultVersion: p.DefaultVersion,
		Document: p.Document, Created: p.CreateDate, Updated: p.UpdateDate,
	}, true
}

// awsManagedARNs names all of them.
func awsManagedARNs() []string {
	var arns []string
	for _, p := range catalog.ManagedPolicies() {
		arns = append(arns, p.ARN)
	}
	return arns
}

// unsigned are the routes that need no signature.
func (s *Server) unsigned() map[string]http.Handler {
	routes := map[string]http.Handler{
		"GET /healthz": http.HandlerFunc(s.healthy),
		"GET /metrics": s.metrics.handler(),
	}
	if s.options.Memory && s.options.AllowReset {
		routes["POST /_ambit/reset"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.world.Load().functions.outside(http.HandlerFunc(s.reset)).ServeHTTP(w, r)
		})
	}
	return routes
}

// located are the routes whose path is a secret: who has it was allowed when it was told.
func (s *Server) located() map[string]http.Handler {
	return map[string]http.Handler{
		lambda.LocationPrefix: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.world.Load().functions.plane.ServeHTTP(w, r) }),
	}
}

// reset replaces the world by one in which only the first account, its root user and its admin exist, with the keys that they
// had. When it answers, nobody reads the old one any more.
func (s *Server) reset(w http.ResponseWriter, r *http.Request) {
	s.resetting.Lock()
	defer s.resetting.Unlock()
	fresh, err := s.newWorld(context.WithoutCancel(r.Context()), startKeys{root: s.start.Root, admin: s.start.Admin})
	if err != nil {
		s.options.Logger.Error("reset", "error", err)
		http.Error(w, "the state was not reset", http.StatusInternalServerError)
		return
	}
	old := s.world.Swap(fresh)
	if err := old.close(); err != nil {
		s.options.Logger.Log(r.Context(), slog.LevelWarn, "reset", "error", err)
	}
	w.WriteHeader(http.StatusOK)
}
