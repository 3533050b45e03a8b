package authz_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/policy"
)

// The fleet of PERFORMANCE W3: 100 accounts with 1,000 roles each, every role with a small policy of its own and a boundary that
// it shares with the others of its account.
const (
	fleetAccounts = 100
	fleetRoles    = 1000
)

func rolePolicy(n int) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],"Resource":"arn:aws:dynamodb:eu-central-1:100000000000:table/t%d"},`+
		`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shared/*"}]}`, n)
}

const fleetBoundary = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:*","s3:*"],"Resource":"*"},` +
	`{"Effect":"Deny","Action":"dynamodb:DeleteTable","Resource":"*"}]}`

// fleet makes the accounts and returns a session of each role, with a question that it may ask.
func fleet(b testing.TB, g *identity.Registry, accounts, roles int, inline func(n int) string) ([]*identity.Caller, []*authz.Question) {
	b.Helper()
	var callers []*identity.Caller
	var questions []*authz.Question
	trust, boundary := document(b, trustAnyone), document(b, fleetBoundary)
	for i := range accounts {
		number := fmt.Sprintf("%012d", 100000000000+i)
		if _, err := g.AddAccount(b.Context(), number, identity.StartKey{}); err != nil {
			b.Fatal(err)
		}
		var made []identity.Role
		update(b, g, number, func(tx identity.Tx) error {
			made = made[:0]
			p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "Boundary", ID: identity.NewPolicyID(), Created: noon}, boundary)
			if err != nil {
				return err
			}
			for j := range roles {
				name := fmt.Sprintf("app-%d", j)
				role, err := tx.CreateRole(identity.Role{Entity: identity.Entity{Name: name, ID: identity.NewRoleID(), Created: noon, Boundary: p.ARN}}, trust)
				if err != nil {
					return err
				}
				if err := tx.PutInlinePolicy(identity.RoleRef(name), "app", document(b, inline(i*roles+j))); err != nil {
					return err
				}
				made = append(made, role)
			}
			return nil
		})
		for j, role := range made {
			callers = append(callers, assume(b, g, role))
			questions = append(questions, ask("dynamodb:PutItem", fmt.Sprintf("arn:aws:dynamodb:eu-central-1:100000000000:table/t%d", i*roles+j)))
		}
	}
	return callers, questions
}

// BenchmarkW3 decides for whichever role of the fleet is next in a random order, in which none returns before all had their turn,
// through the authorizer and the registry's own view cache. Goal: 300 ns, no allocation. A request's own memory is warm, that of
// the role is not.
//
//   - Cold: nobody has looked at the caller before. It must come from memory, and then what it points to: one wait after the other.
//   - Authenticated: as in the server, where authentication has asked for the caller's policies, a signature and a decoded body
//     earlier. Requests come eight at a time: of all eight that part of authentication is done, then they are decided. ns/op is
//     both, decide-ns/op the decision alone. The waits of eight requests overlap as in the server each does with its signature.
func BenchmarkW3(b *testing.B) {
	g := openWith(b, identity.Options{}, mem.New)
	a := authz.New(g, authz.Options{})
	callers, questions := fleet(b, g, fleetAccounts, fleetRoles, rolePolicy)
	e := environment()
	for i, c := range callers {
		if d := a.Decide(b.Context(), nil, c, e, questions[i]); !d.Allowed() {
			b.Fatalf("role %d: %+v", i, d)
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(callers), func(i, j int) { callers[i], callers[j] = callers[j], callers[i] })
	ctx := b.Context()
	q := ask("s3:GetObject", "arn:aws:s3:::shared/object")
	b.Run("Cold", func(b *testing.B) {
		b.ReportAllocs()
		start, next := processorTime(b), 0
		for b.Loop() {
			if next++; next == len(callers) {
				next = 0
			}
			if d := a.Decide(ctx, nil, callers[next], e, q); !d.Allowed() {
				b.Fatalf("%+v", d)
			}
		}
		b.ReportMetric(float64(processorTime(b)-start)/float64(b.N), "cpu-ns/op")
	})
	b.Run("Authenticated", func(b *testing.B) {
		const together = 8 // divides the fleet
		b.ReportAllocs()
		var deciding time.Duration
		start, next, decided := processorTime(b), 0, 0
		for b.Loop() {
			if next++; next%together != 0 {
				continue
			}
			if next == len(callers) {
				next = 0
			}
			requests := callers[next : next+together]
			for _, c := range requests {
				if _, err := g.Policies(ctx, nil, c); err != nil {
					b.Fatal(err)
				}
			}
			from := time.Now()
			for _, c := range requests {
				if d := a.Decide(ctx, nil, c, e, q); !d.Allowed() {
					b.Fatalf("%+v", d)
				}
			}
			deciding, decided = deciding+time.Since(from), decided+together
		}
		b.ReportMetric(float64(processorTime(b)-start)/float64(b.N), "cpu-ns/op")
		b.ReportMetric(float64(deciding)/float64(max(decided, 1)), "decide-ns/op")
	})
}

// TestViewSize holds a goal of PERFORMANCE W3: at most 400 bytes for each role besides the documents. Roles that have the same
// policy share its layer; of those that have one each, the layer holds what deciding reads of the document, and counts as the
// document does.
func TestViewSize(t *testing.T) {
	const accounts, roles, goal = 10, 1000, 400
	for name, test := range map[string]struct {
		policy func(n int) string
		atMost float64
	}{
		"one policy for all": {func(int) string { return rolePolicy(0) }, goal},
		"a policy for each":  {rolePolicy, goal + float64(unsafe.Sizeof(policy.Layer{}))},
	} {
		t.Run(name, func(t *testing.T) {
			g := open(t)
			a := authz.New(g, authz.Options{})
			callers, _ := fleet(t, g, accounts, roles, test.policy)
			e, q := environment(), ask("s3:GetObject", "arn:aws:s3:::shared/object")
			documents := documentSize(t, len(callers), test.policy)
			before := heap()
			for i, c := range callers {
				if d := a.Decide(t.Context(), nil, c, e, q); !d.Allowed() {
					t.Fatalf("role %d: %+v", i, d)
				}
			}
			size := float64(int64(heap())-int64(before))/float64(len(callers)) - documents
			runtime.KeepAlive(callers)
			runtime.KeepAlive(g)
			t.Logf("%.1f bytes for each role besides %.1f for its document", size, documents)
			if size > test.atMost || size < 100 {
				t.Errorf("%.1f bytes for each role, want at most %.1f, and more than what a view alone takes", size, test.atMost)
			}
		})
	}
}

// documentSize is what a cache of the roles' documents takes for each role.
func documentSize(t *testing.T, roles int, text func(n int) string) float64 {
	t.Helper()
	before := heap()
	cache := identity.NewDocumentCache(4 * roles)
	for n := range roles {
		s := text(n)
		if _, err := cache.Get(identity.DigestOf(s), func() (string, error) { return s, nil }); err != nil {
			t.Fatal(err)
		}
	}
	size := float64(int64(heap())-int64(before)) / float64(roles)
	runtime.KeepAlive(cache)
	return size
}

// processorTime is what the process has used, which says more than a clock on a machine that others use too.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkDecide is the same decision for one caller, all of whose memory is warm: what the authorizer itself costs.
func BenchmarkDecide(b *testing.B) {
	g := openWith(b, identity.Options{}, mem.New)
	a := authz.New(g, authz.Options{})
	callers, questions := fleet(b, g, 1, 1, rolePolicy)
	e, ctx := environment(), b.Context()
	b.ReportAllocs()
	start := processorTime(b)
	for b.Loop() {
		if d := a.Decide(ctx, nil, callers[0], e, questions[0]); !d.Allowed() {
			b.Fatal(d)
		}
	}
	b.ReportMetric(float64(processorTime(b)-start)/float64(b.N), "cpu-ns/op")
}
