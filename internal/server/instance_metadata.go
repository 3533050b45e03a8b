package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/metadata"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/ambit"
	"github.com/ambit-iam/ambit/internal/service/ec2"
)

// maxEndpoints is how many metadata services are open at once. Each takes a port and a file.
const maxEndpoints = 1000

// instances have the metadata services of a world's running instances, each on a loopback port of its own. They are safe for concurrent
// use.
type instances struct {
	identities *identity.Registry
	sessions   service.RoleSessions
	logger     *slog.Logger
	now        func() time.Time
	outside    func(http.Handler) http.Handler // refuses the code of functions

	settling sync.Mutex // held while services open and close, which reads and writes the store
	closed   bool

	mu   sync.Mutex                       // taken also by who reads the store, so nothing that waits for the store may be done with it
	open map[ec2.Place]*metadata.Listener // changed with both held
}

func (s *Server) newInstances(w *world) *instances {
	return &instances{
		identities: w.identities, sessions: w.sessions(), logger: s.options.Logger, now: s.options.Now, outside: w.functions.outside,
		open: map[ec2.Place]*metadata.Listener{},
	}
}

// resume opens the services of the instances that ran when the server ended.
func (i *instances) resume(ctx context.Context) error {
	var accounts []string
	err := i.identities.View(ctx, string(service.Directory), func(r identity.Reader) error {
		accounts = ec2.Accounts(r.Store())
		return nil
	})
	for _, account := range accounts {
		byRegion := map[string][]string{}
		err = errors.Join(err, i.identities.View(ctx, account, func(r identity.Reader) error {
			for p, err := range ec2.Places(r, i.now()) {
				if err != nil {
					return err
				}
				byRegion[p.Region] = append(byRegion[p.Region], p.ID)
			}
			return nil
		}))
		for region, ids := range byRegion {
			i.Settle(account, region, ids)
		}
	}
	return err
}

// Settle implements ec2.Endpoints. What cannot be opened is logged: the instance runs, and has no metadata service.
func (i *instances) Settle(account, region string, ids []string) {
	i.settling.Lock()
	defer i.settling.Unlock()
	if i.closed {
		return
	}
	ctx := context.Background()
	ports := map[ec2.Place]int{}
	err := i.identities.View(ctx, account, func(r identity.Reader) error {
		for _, id := range ids {
			at := ec2.Place{Account: account, Region: region, ID: id}
			runs, err := ec2.Runs(r, at, i.now())
			if err != nil {
				return err
			}
			if port := ec2.Port(r, at); runs {
				ports[at] = port
			}
		}
		return nil
	})
	if err != nil {
		i.logger.Error("instance metadata", "error", err)
		return
	}
	moved := map[ec2.Place]int{}
	for _, id := range ids {
		at := ec2.Place{Account: account, Region: region, ID: id}
		last, runs := ports[at]
		if port := i.settle(at, last, runs); runs && port != 0 && port != last {
			moved[at] = port
		}
	}
	i.remember(ctx, account, moved)
}

// settle opens or closes one service, and returns its port; 0: it has none. The caller holds settling.
func (i *instances) settle(at ec2.Place, last int, runs bool) int {
	on := i.open[at]
	switch {
	case !runs && on == nil:
		return 0
	case !runs:
		i.put(at, nil)
		if err := on.Close(); err != nil {
			i.logger.Warn("instance metadata", "instance", at.ID, "error", err)
		}
		return 0
	case on != nil:
		return on.Port()
	case len(i.open) >= maxEndpoints:
		i.logger.Warn("an instance has no metadata service: there are too many", "instance", at.ID, "limit", maxEndpoints)
		return 0
	}
	on, err := metadata.Listen(last, i.outside(metadata.New(&instanceSource{of: i, at: at}, i.now)), errorLog(i.logger))
	if err != nil {
		i.logger.Warn("an instance has no metadata service", "instance", at.ID, "error", err)
		return 0
	}
	i.put(at, on)
	return on.Port()
}

// put notes the service of an instance; nil: it has none any more.
func (i *instances) put(at ec2.Place, on *metadata.Listener) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.open[at] = on; on == nil {
		delete(i.open, at)
	}
}

// remember notes the ports for the next start.
func (i *instances) remember(ctx context.Context, account string, ports map[ec2.Place]int) {
	if len(ports) == 0 {
		return
	}
	err := i.identities.Update(ctx, account, func(tx identity.Tx) error {
		for at, port := range ports {
			ec2.RememberPort(tx, at, port)
		}
		return nil
	})
	if err != nil {
		i.logger.Warn("the ports of metadata services are not remembered", "error", err)
	}
}

// list returns the instances of the account that r reads, with their services.
func (i *instances) list(r identity.Reader) (out []ambit.InstanceEndpoint, err error) {
	for at, err := range ec2.Places(r, i.now()) {
		if err != nil {
			return nil, err
		}
		role, err := ec2.RoleOf(r, at)
		if err != nil {
			return nil, err
		}
		out = append(out, ambit.InstanceEndpoint{Region: at.Region, InstanceId: at.ID, Role: role, Endpoint: i.endpoint(at)})
	}
	return out, nil
}

// endpoint is the URL of an instance's metadata service, empty if it has none.
func (i *instances) endpoint(at ec2.Place) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if on := i.open[at]; on != nil {
		return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(on.Port()))
	}
	return ""
}

// close closes all of them.
func (i *instances) close() error {
	i.settling.Lock()
	defer i.settling.Unlock()
	i.closed = true
	var err error
	for at, on := range i.open {
		i.put(at, nil)
		err = errors.Join(err, on.Close())
	}
	return err
}
