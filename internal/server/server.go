package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Limits of the listener. A request that does not arrive in time is dropped. drainFor is what running ones get at the end, and then
// closeFor what is left of them until it lets go of the state.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = time.Minute
	writeTimeout      = 2 * time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	drainFor          = 10 * time.Second
	closeFor          = 10 * time.Second
)

// A Server is a running Ambit.
type Server struct {
	options   Options
	table     *service.Table
	metrics   *metrics
	given     given
	nonce     string // of this start; see Running
	start     identity.Start
	world     atomic.Pointer[world]
	resetting sync.Mutex

	rotateEvery, closeFor time.Duration

	listener net.Listener
	loopback bool
	http     *http.Server
	running  Running
	forgot   bool     // what was there was put aside
	left     []string // files to remove at the end
}

// Open checks the options, opens the state, listens, and says in the start block where. It does not serve yet. Every error is
// one line for a person, with the mend in it where there is one.
func Open(ctx context.Context, o Options) (_ *Server, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.AuditMaxSize == 0 {
		o.AuditMaxSize = DefaultAuditSize
	}
	s := &Server{options: o, nonce: newNonce(), rotateEvery: rotateEvery, closeFor: closeFor}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.release())
		}
		if err != nil && s.forgot {
			err = errors.Join(err, remember(o.Data)) // whoever could not start has lost nothing
		}
	}()
	if s.given, err = o.given(); err != nil {
		return nil, err
	}
	if err := o.checkTLS(s.certificates()); err != nil {
		return nil, err
	}
	if s.table, err = table(trail{s}); err != nil {
		return nil, err
	}
	s.metrics = newMetrics(func() uint64 {
		if w := s.world.Load(); w != nil {
			return w.log.Dropped()
		}
		return 0
	})
	if err := s.tryListen(); err != nil {
		return nil, err
	}
	if err := s.openState(ctx); err != nil {
		return nil, err
	}
	ca, err := s.serveHTTP()
	if err != nil {
		return nil, err
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	if err := s.announce(ca); err != nil {
		return nil, err
	}
	if !o.Memory { // also what one left that was killed before it could
		if err := os.RemoveAll(filepath.Join(o.Data, forgottenPart)); err != nil {
			o.Logger.Warn("what --fresh took away cannot be removed", "error", err)
		}
	}
	return s, nil
}

// tryListen finds out, before the state is touched, whether the port can be taken, and who can reach it. It lets go of it again:
// who waits for the port must find the credentials when it opens.
func (s *Server) tryListen() error {
	if err := s.listen(); err != nil {
		return err
	}
	host, _, _ := net.SplitHostPort(s.listener.Addr().String())
	s.loopback = loopback(host)
	err := s.listener.Close()
	s.listener = nil
	return err
}

// listen takes the port.
func (s *Server) listen() (err error) {
	listener, err := net.Listen("tcp", s.options.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("--listen %s: the port is in use; stop the other server or choose another port", s.options.Listen)
	}
	if err != nil {
		return fmt.Errorf("--listen %s: %w", s.options.Listen, err)
	}
	s.listener = listener
	if host, _, _ := net.SplitHostPort(listener.Addr().String()); s.loopback && !loopback(host) {
		return fmt.Errorf("--listen %s: the name changed its address while the server started", s.options.Listen)
	}
	return nil
}

// openState opens the first world. Everything that can be refused without it has been refused by then: this is what deletes and
// writes.
func (s *Server) openState(ctx context.Context) error {
	if !s.options.Memory {
		if err := s.prepareData(); err != nil {
			return s.explain(err)
		}
	}
	w, err := s.newWorld(ctx, startKeys{root: s.given.root, admin: s.given.admin})
	if err != nil {
		return s.explain(err)
	}
	s.world.Store(w)
	if !s.options.Memory {
		if err := tighten(s.options.Data, s.options.Logger); err != nil {
			return err
		}
	}
	s.start = w.identities.Start()
	if !s.options.Memory {
		path, err := writeCredentials(s.options.Data, s.start)
		if err != nil {
			return fmt.Errorf("credentials: %w", err)
		}
		s.running.Credentials = absolute(path)
	}
	for _, id := range s.start.Replaced {
		s.options.Logger.Info("an access key from the environment took the place of a stored one", "replaced", string(id))
	}
	return nil
}

// prepareData decides whether the data directory can be used, and empties it if that was asked for.
func (s *Server) prepareData() error {
	dir := s.options.Data
	if err := checkShared(dir); err != nil {
		return err
	}
	if s.options.Fresh {
		err := forget(dir)
		s.forgot = err == nil
		return err
	}
	return checkStore(dir)
}

// explain says in one line what keeps the state from opening, and what to do.
func (s *Server) explain(err error) error {
	dir := s.options.Data
	switch {
	case errors.Is(err, store.ErrInUse):
		return fmt.Errorf("%s is in use by another server; stop it or choose another --data", dir)
	case errors.Is(err, store.ErrNewer):
		return fmt.Errorf("%s was written by a newer version of ambit; use that version or choose another --data", dir)
	case errors.Is(err, identity.ErrOtherAccount):
		return fmt.Errorf("--account %s: not the account of %s (%w); pass that one or choose another --data", s.options.Account, dir, err)
	case errors.Is(err, identity.ErrKeyFile) && s.given.ring != nil:
		return fmt.Errorf("%s does not open %s: it is not the key of this data; set the right one, or start over with --fresh", keyVariable, dir)
	case errors.Is(err, identity.ErrKeyFile):
		return fmt.Errorf("%s does not open %s: %w; restore it, or start over with --fresh", filepath.Join(dir, keyFile), dir, err)
	case errors.Is(err, store.ErrDamaged):
		return fmt.Errorf("%w; restore it from a copy, or start over with --fresh", err)
	}
	return err
}

// certificates is the directory of a self-signed certificate.
func (s *Server) certificates() string {
	if s.options.Memory {
		return s.options.RuntimeDir
	}
	return s.options.Data
}

// serveHTTP prepares the HTTP server and returns the file of the CA, if there is one of ours.
func (s *Server) serveHTTP() (ca string, err error) {
	config, ca, err := s.options.tlsConfig(s.certificates())
	if err != nil {
		return "", err
	}
	s.http = &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.world.Load().door.ServeHTTP(w, r) }),
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, TLSConfig: config,
		DisableGeneralOptionsHandler: true,                                                     // OPTIONS * is a request like any other
		TLSNextProto:                 map[string]func(*http.Server, *tls.Conn, http.Handler){}, // AWS's endpoints speak HTTP/1.1
		ErrorLog:                     errorLog(s.options.Logger),
	}
	return ca, nil
}

// Endpoint is the URL that clients use.
func (s *Server) Endpoint() string { return s.running.Endpoint }

// Start says which keys the first account has.
func (s *Server) Start() identity.Start { return s.start }

// AddAccount makes a further account with its root user, who gets this key; of a zero key one is drawn, and returned.
func (s *Server) AddAccount(ctx context.Context, number string, root identity.StartKey) (identity.StartKey, error) {
	return s.world.Load().identities.AddAccount(ctx, number, root)
}

// Serve answers requests until ctx ends. It then refuses new ones, waits a while for running ones, and closes everything: all that
// does not keep it from ending. The error is nil after an orderly end.
func (s *Server) Serve(ctx context.Context) error {
	rotating, stop := context.WithCancel(ctx)
	rotated := make(chan struct{})
	go func() {
		defer close(rotated)
		s.rotateKeys(rotating)
	}()
	served := make(chan error, 1)
	go func() {
		if s.http.TLSConfig != nil {
			served <- s.http.ServeTLS(listener{s.listener}, "", "")
			return
		}
		served <- s.http.Serve(listener{s.listener})
	}()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
		defer cancel()
		if err = s.http.Shutdown(drain); errors.Is(err, context.DeadlineExceeded) {
			err = s.http.Close()
		}
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}
	stop()
	<-rotated
	released := make(chan error, 1)
	go func() { released <- s.release() }()
	select {
	case ended := <-released:
		return errors.Join(err, ended)
	case <-time.After(s.closeFor):
		// What was acknowledged is on the disk, and the locks go with the process.
		s.options.Logger.Error("a request that nobody waits for does not end; it is left")
		return err
	}
}

// release removes what only a running server leaves and closes what Open opened.
func (s *Server) release() error {
	var err error
	if s.listener != nil {
		if closed := s.listener.Close(); !errors.Is(closed, net.ErrClosed) {
			err = closed
		}
	}
	for _, path := range s.left {
		if removed := os.Remove(path); !errors.Is(removed, os.ErrNotExist) {
			err = errors.Join(err, removed)
		}
	}
	if w := s.world.Load(); w != nil {
		err = errors.Join(err, w.close())
	}
	return err
}
