package front

import (
	"context"
	"fmt"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

// Invoke implements service.Invoker: a call from inside enters at step 5. It is asked, decided and written down as any other.
func (d *Door) Invoke(ctx context.Context, i service.Invocation) (service.Answer, error) {
	o, ok := d.Table.Find(i.Service, i.Operation)
	if !ok {
		return service.Answer{}, service.FamilyOf(i.Service, wire.AWSQuery).UnknownOperation(i.Operation, "")
	}
	if i.Caller == nil {
		return service.Answer{}, fmt.Errorf("invoke %s: no caller", o.Row.FullName())
	}
	if forItself := i.Caller.Principal.Type == policy.AWSService; forItself != (i.Account != "") || !forItself && len(i.Delivery) > 0 {
		return service.Answer{}, fmt.Errorf("invoke %s: an account and keys to deliver are for services that call for themselves", o.Row.FullName())
	}
	input, err := o.InputOf(i.Input)
	if err != nil {
		return service.Answer{}, o.Family.FaultOf(err)
	}
	c := &service.Call{
		Operation: o, Caller: i.Caller, Input: input, Identities: d.Identities, Planes: d.Planes, RequestID: newStamp().RequestID,
		Transport: service.Transport{Region: i.Region}, In: i.Account, Delivery: i.Delivery,
		Environment: authz.Environment{
			Time: d.Now().UTC(), SecureTransport: true, Region: o.Region(i.Region), CalledVia: i.CalledVia, UserAgent: via(i),
		},
	}
	defer c.End()
	out := d.perform(ctx, c)
	if out.fault != nil {
		return service.Answer{}, out.fault
	}
	return out.answer, nil
}

// via is the user agent of a call from inside: CloudTrail shows the service that forwards it, or that makes it for itself.
func via(i service.Invocation) string {
	if n := len(i.CalledVia); n > 0 {
		return i.CalledVia[n-1]
	}
	return i.Caller.Principal.Service
}
