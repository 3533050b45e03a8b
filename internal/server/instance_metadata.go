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

// maxEndpoints is how many metadata services are open at once, those of stopped instances among them. Each takes a port and a file.
const maxEndpoints = 1000

// instances have the metadata services of a world's instances, each on a loopback port of its own. A stopped instance keeps its port,
// on which nothing is told (503): were it given up, any program, a function too, could take it and answer in the instance's place whoever
// was told of it. They are safe for concurrent use.
type instances struct {
	identities *identity.Registry
	sessions   service.RoleSessions
	logger     *slog.Logger
	now        func() time.Time
	outside    func(http.Handler) http.Handler // refuses the code of functions

	settling sync.Mutex // held while services open and close, which reads and writes the store
	closed   bool

	mu   sync.Mutex             // taken also by who reads the store, so nothing that waits for the store may be done with it
	open map[ec2.Place]endpoint // changed with both held
}

// An endpoint is the metadata service of an instance that runs, or the port kept for one that is stopped.
type endpoint struct {
	*metadata.Listener
	runs bool
}

// wanted is what an instance that lives should have.
type wanted struct {
	runs bool
	last int // the port that it had; 0: none
}

func (s *Server) newInstances(w *world) *instances {
	return &instances{
		identities: w.identities, sessions: w.sessions(), logger: s.options.Logger, now: s.options.Now, outside: w.functions.outside,
		open: map[ec2.Place]endpoint{},
	}
}

// resume opens the services of the instances that ran when the server ended, and takes the ports of those that were stopped.
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

// Settle implements ec2.Endpoints. What cannot be opened is logged: the instance runs, and has no metadata service. So is a port that
// is another than before.
func (i *instances) Settle(account, region string, ids []string) {
	i.settling.Lock()
	defer i.settling.Unlock()
	if i.closed {
		return
	}
	ctx := context.Background()
	living := map[ec2.Place]wanted{}
	err := i.identities.View(ctx, account, func(r identity.Reader) error {
		for _, id := range ids {
			at := ec2.Place{Account: account, Region: region, ID: id}
			lives, runs, err := ec2.Lives(r, at, i.now())
			if err != nil {
				return err
			}
			if lives {
				living[at] = wanted{runs, ec2.Port(r, at)}
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
		want, lives := living[at]
		if !lives {
			i.end(at)
			continue
		}
		if port := i.settle(at, want); port != 0 && port != want.last {
			moved[at] = port
		}
	}
	i.remember(ctx, account, moved)
}

// end closes what an instance had that does not live any more. The caller holds settling.
func (i *instances) end(at ec2.Place) {
	on, open := i.open[at]
	if !open {
		return
	}
	i.put(at, endpoint{})
	if err := on.Close(); err != nil {
		i.logger.Warn("instance metadata", "instance", at.ID, "error", err)
	}
}

// settle gives an instance its port, and returns it; 0: it has none. The caller holds settling.
func (i *instances) settle(at ec2.Place, want wanted) int {
	on, open := i.open[at]
	switch {
	case open:
		if want.runs && !on.runs {
			on.Answer(i.service(at)) // to which no token of the time before the stop is known
		}
		i.put(at, endpoint{on.Listener, want.runs})
		return on.Port()
	case len(i.open) >= maxEndpoints:
		i.logger.Warn("an instance has no metadata service: there are too many", "instance", at.ID, "limit", maxEndpoints)
		return 0
	}
	listener, err := metadata.Listen(want.last, i.service(at), errorLog(i.logger))
	if err != nil {
		i.logger.Warn("an instance has no metadata service", "instance", at.ID, "error", err)
		return 0
	}
	if port := listener.Port(); want.last != 0 && port != want.last {
		i.logger.Warn("the metadata service of an instance has another port: somebody else has the one it had, and answers who was told of that",
			"instance", at.ID, "before", want.last, "now", port)
	}
	i.put(at, endpoint{listener, want.runs})
	return listener.Port()
}

// service is a metadata service of an instance.
func (i *instances) service(at ec2.Place) http.Handler {
	return i.outside(metadata.New(&instanceSource{of: i, at: at}, i.now))
}

// put notes what an instance has; the zero endpoint: nothing any more.
func (i *instances) put(at ec2.Place, on endpoint) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if on.Listener == nil {
		delete(i.open, at)
		return
	}
	i.open[at] = on
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

// endpoint is the URL of an instance's metadata service, empty if it has none or does not run.
func (i *instances) endpoint(at ec2.Place) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if on := i.open[at]; on.runs {
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
		i.put(at, endpoint{})
		err = errors.Join(err, on.Close())
	}
	return err
}
