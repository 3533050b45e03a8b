package authz_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// The fleet of PERFORMANCE W3: 100 accounts with 1,000 roles each, every role with a small policy of its own and a boundary that
// it shares with the others of its account.
const (
	fleetAccounts = 100
	fleetRoles    = 1000
)

func rolePolicy(n int) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],"Resource":"arn:aws:dynamodb:eu-central-1:*:table/t%d"},`+
		`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b%d/*"}]}`, n, n)
}

const fleetBoundary = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:*","s3:*"],"Resource":"*"},` +
	`{"Effect":"Deny","Action":"dynamodb:DeleteTable","Resource":"*"}]}`

// fleet makes the accounts and returns a session of each role, with a question that it may ask.
func fleet(b *testing.B, g *identity.Registry, accounts, roles int) ([]*identity.Caller, []*authz.Question) {
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
				if err := tx.PutInlinePolicy(identity.RoleRef(name), "app", document(b, rolePolicy(i*roles+j))); err != nil {
					return err
				}
				made = append(made, role)
			}
			return nil
		})
		for j, role := range made {
			callers = append(callers, assume(b, g, role))
			questions = append(questions, ask("dynamodb:PutItem", fmt.Sprintf("arn:aws:dynamodb:eu-central-1:%s:table/t%d", number, i*roles+j)))
		}
	}
	return callers, questions
}

// BenchmarkW3 decides for a random role of the fleet through the authorizer and the registry's own view cache. Goal: 300 ns, no
// allocation, 400 bytes for each role besides the documents.
func BenchmarkW3(b *testing.B) {
	g := openWith(b, identity.Options{}, mem.New)
	a := authz.New(g, authz.Options{})
	callers, questions := fleet(b, g, fleetAccounts, fleetRoles)
	e := environment()
	before := heap()
	for i, c := range callers {
		if d := a.Decide(b.Context(), nil, c, e, questions[i]); !d.Allowed() {
			b.Fatalf("role %d: %+v", i, d)
		}
	}
	perRole := float64(heap()-before) / float64(len(callers))
	documents := documentSize(b)
	random := rand.New(rand.NewPCG(1, 2))
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		i := random.IntN(len(callers))
		if d := a.Decide(ctx, nil, callers[i], e, questions[i]); d.Verdict != 2 {
			b.Fatalf("role %d: %+v", i, d)
		}
	}
	b.ReportMetric(perRole-documents, "B/role")
	b.ReportMetric(documents, "B/document")
	runtime.KeepAlive(callers)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// documentSize measures what a compiled document of the fleet takes.
func documentSize(b *testing.B) float64 {
	const n = 2000
	kept := make([]any, n)
	before := heap()
	for i := range kept {
		kept[i] = document(b, rolePolicy(i))
	}
	size := float64(heap()-before) / n
	runtime.KeepAlive(kept)
	return size
}
