package front

import (
	"context"
	"strings"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

// A ruling is the answer to all questions of a call. Step 7 makes it; the zero ruling refuses.
type ruling struct {
	allowed   bool
	denial    *wire.Fault // of a refusal
	refused   policy.Verdict
	decisions []audit.Decision
}

// decide is step 7: every question is answered, and all must be allowed that are not soft. The first refusal is the one that is
// told. A question that cannot be answered is refused. The error is that of a client that has gone.
func (d *Door) decide(ctx context.Context, c *service.Call, r identity.Reader, asked []service.Asked) (ruling, error) {
	out := ruling{allowed: true, decisions: make([]audit.Decision, 0, len(asked))}
	c.Environment.Questions = len(asked)
	for i := range asked {
		if err := ctx.Err(); err != nil { // nobody waits for the answer
			return ruling{}, err
		}
		a := &asked[i]
		decision, noted := d.judge(ctx, c, r, a)
		if a.Soft {
			c.Rule(a.Action.String(), a.Resource, d.refusal(c, a, &decision))
		}
		out.decisions = append(out.decisions, noted)
		if decision.Allowed() || a.Soft {
			continue
		}
		if out.allowed {
			out.denial = d.denial(c, a, &decision, noted.Context)
			out.refused = decision.Verdict
		}
		out.allowed = false
	}
	if len(asked) == 0 && c.Operation.Row.NoPermission == "" {
		return ruling{denial: c.Operation.Family.Denied("")}, nil
	}
	return out, nil
}

// denial is how the refusal of a question is told.
func (d *Door) denial(c *service.Call, a *service.Asked, decision *authz.Decision, keys map[string][]string) *wire.Fault {
	if fault := c.Operation.Missing(a.Err); fault != nil {
		return fault
	}
	fault := c.Operation.Family.Denied(c.Operation.Sentence(c.Caller, a, *decision))
	if c.Operation.Row.Encoded {
		// As EC2 ends its sentence when more follows (seen in aws/karpenter-provider-aws#7370).
		fault.Message = strings.TrimSuffix(fault.Message, ".") + ". Encoded authorization failure message: " + d.encoded(c, a, *decision, keys)
	}
	return fault
}

// refusal is what a question that is asked softly would be refused with; nil if it is allowed.
func (d *Door) refusal(c *service.Call, a *service.Asked, decision *authz.Decision) *wire.Fault {
	if decision.Allowed() {
		return nil
	}
	return c.Operation.Family.Denied(c.Operation.Sentence(c.Caller, a, *decision))
}

// judge answers one question, and notes what was judged. An allowed read and an allowed deed of a data plane are noted briefly; for a
// write and for every refusal the same is evaluated in full, in the same state, so that it can be explained later.
func (d *Door) judge(ctx context.Context, c *service.Call, r identity.Reader, a *service.Asked) (authz.Decision, audit.Decision) {
	noted := audit.Decision{Action: a.Action.String(), Resource: a.Resource, Soft: a.Soft}
	if a.Err != nil {
		d.undecided(c, "question without an answer", a.Err)
		noted.Verdict = policy.ImplicitDeny.String()
		return authz.Decision{Err: a.Err}, noted
	}
	decision := d.Authorizer.Decide(ctx, r.Store(), c.Caller, &c.Environment, &a.Question)
	noted.Verdict = decision.Verdict.String()
	if decision.Err != nil {
		d.undecided(c, "decision failed", decision.Err)
		noted.Verdict = policy.ImplicitDeny.String()
		return decision, noted
	}
	if decision.Allowed() && (c.Operation.Row.Mode == operation.Read || c.Operation.Long()) {
		return decision, noted
	}
	e := d.Authorizer.Explain(ctx, r.Store(), c.Caller, &c.Environment, &a.Question)
	if e.Allowed() != decision.Allowed() { // must not happen; if it does, nobody gets in
		d.Logger.Error("two evaluations differ", "operation", c.Operation.Row.FullName(), "requestID", c.RequestID)
		decision = authz.Decision{}
	}
	noted.Verdict = decision.Verdict.String()
	if !decision.Allowed() {
		noted.PolicyType = decision.Kind.String()
		noted.Reasons, noted.PolicyOf = audit.ReasonsOf(e.Reasons), a.PolicyOf
	}
	noted.Context = audit.ContextOf(e.Request.Context)
	noted.Documents = d.documentsOf(&e.Set)
	return decision, noted
}

// documentsOf lists every document that was judged, by the type of policy it served as.
func (d *Door) documentsOf(s *policy.Set) []audit.Document {
	out := d.recorder.Documents(make([]audit.Document, 0, 8), policy.KindIdentity.String(), s.Identity)
	out = d.recorder.Documents(out, policy.KindBoundary.String(), s.Boundary)
	out = d.recorder.Documents(out, policy.KindSession.String(), s.Session)
	resource := policy.KindResource
	if s.ResourceKind == policy.RoleTrust {
		resource = policy.KindTrust
	}
	out = d.recorder.Documents(out, resource.String(), s.Resource)
	out = d.recorder.Documents(out, policy.KindEndpoint.String(), s.Endpoint)
	for _, level := range s.SCPs {
		out = d.recorder.Documents(out, policy.KindSCP.String(), level)
	}
	for _, level := range s.RCPs {
		out = d.recorder.Documents(out, policy.KindRCP.String(), level)
	}
	return out
}
