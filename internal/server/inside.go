package server

import (
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/ambit"
	"github.com/ambit-iam/ambit/internal/service/ec2"
	"github.com/ambit-iam/ambit/internal/service/lambda"
	"github.com/ambit-iam/ambit/internal/service/sts"
)

// An inside is where services call from: through the door of the world that there is when they call. One without a server, of a table
// that only describes operations, refuses.
type inside struct{ of *Server }

var (
	_ service.Invoker      = inside{}
	_ service.RoleSessions = inside{}
	_ ec2.Endpoints        = inside{}
	_ ambit.Endpoints      = inside{}
)

var errNoServer = errors.New("there is no server to call")

// Invoke implements service.Invoker.
func (i inside) Invoke(ctx context.Context, v service.Invocation) (service.Answer, error) {
	w, err := i.world()
	if err != nil {
		return service.Answer{}, err
	}
	return w.door.Invoke(ctx, v)
}

// Issue implements service.RoleSessions.
func (i inside) Issue(ctx context.Context, s service.RoleSession) (identity.Credentials, *identity.Caller, error) {
	w, err := i.world()
	if err != nil {
		return identity.Credentials{}, nil, err
	}
	return w.sessions().Issue(ctx, s)
}

// Settle implements ec2.Endpoints.
func (i inside) Settle(account, region string, ids []string) {
	if w, err := i.world(); err == nil { // without a world nothing was launched
		w.instances.Settle(account, region, ids)
	}
}

// Endpoints implements ambit.Endpoints.
func (i inside) Endpoints(r identity.Reader) ([]ambit.InstanceEndpoint, error) {
	w, err := i.world()
	if err != nil {
		return nil, err
	}
	return w.instances.list(r)
}

// functions is what runs functions in the world that there is.
func (i inside) functions() *lambda.Plane {
	w, err := i.world()
	if err != nil {
		return nil // a table that only describes operations does none
	}
	return w.functions.plane
}

func (i inside) world() (*world, error) {
	if i.of == nil {
		return nil, errNoServer
	}
	w := i.of.world.Load()
	if w == nil {
		return nil, errNoServer
	}
	return w, nil
}

// sessions issue sessions of the roles of this world.
func (w *world) sessions() sts.RoleSessions {
	return sts.RoleSessions{Invoker: w.door, Identities: w.identities}
}
