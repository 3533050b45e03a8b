package differential_test

import (
	"encoding/json"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ambit-iam/ambit/internal/vector"
	"github.com/ambit-iam/ambit/policy"
	"github.com/ambit-iam/ambit/test/oracle"
)

// number reads a figure from the environment.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestEngineAgreesWithOracle judges AMBIT_CASES random cases (20,000 unless
// set) from the seed AMBIT_SEED. What differs is shrunk before it is printed.
func TestEngineAgreesWithOracle(t *testing.T) {
	t.Parallel()
	cases := number(t, "AMBIT_CASES", 20_000)
	seed := number(t, "AMBIT_SEED", 1)
	workers := uint64(runtime.GOMAXPROCS(0))
	var failures atomic.Int32
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			g := oracle.NewGenerator(seed*1000 + w)
			for i := w; i < cases && failures.Load() < 10; i += workers {
				c := g.Next()
				if len(differences(t, c)) == 0 {
					continue
				}
				failures.Add(1)
				small := oracle.Shrink(c, func(c oracle.Case) bool { return len(differences(t, c)) > 0 })
				text, _ := json.MarshalIndent(small, "", " ")
				t.Errorf("seed %d, worker %d, case %d:\n%s\n%v", seed, w, i, text, differences(t, small))
			}
		})
	}
	wait.Wait()
	t.Logf("%d cases judged by both", cases)
}

// differences lists in what engine and oracle disagree about a case, and in
// what the engine's two paths disagree with each other.
func differences(t *testing.T, c oracle.Case) []string {
	t.Helper()
	want, err := oracle.Judge(c)
	if err != nil {
		return nil // a shrinking step that is no case any more
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var v vector.Vector
	if err := json.Unmarshal(text, &v); err != nil {
		return []string{"cannot be read: " + err.Error()}
	}
	set, request, err := v.Compile()
	if err != nil {
		return []string{"cannot be compiled: " + err.Error()}
	}
	full := policy.Evaluate(set, request).Outcome
	shown := policy.Shown(request.Action, request.Resource)
	var out []string
	compare := func(what, got, want string) {
		if got != want {
			out = append(out, what+": engine "+strconv.Quote(got)+", oracle "+strconv.Quote(want))
		}
	}
	deciding := ""
	if d := vector.Deciding(full); d != nil {
		deciding = *d
	}
	compare("decision", full.Verdict.String(), want.Decision)
	compare("deciding policy type", deciding, want.DecidingPolicyType)
	compare("message", full.Message(request, shown), want.Message)
	compare("message with ARN", full.MessageWithARN(set, request, shown), want.MessageWithARN)
	fast := policy.Decide(set, request)
	compare("fast verdict", fast.Verdict.String(), full.Verdict.String())
	compare("fast message", fast.MessageWithARN(set, request, shown), full.MessageWithARN(set, request, shown))
	if policy.Permits(set, request) != (full.Verdict == policy.Allowed) {
		out = append(out, "Permits disagrees")
	}
	if fast.Kind != full.Kind || fast.Grant != full.Grant {
		out = append(out, "the fast path names another policy type than the full path")
	}
	return out
}
