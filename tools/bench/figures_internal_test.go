package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const printed = `goos: linux
BenchmarkW1a-2   	52912873	        22.63 ns/op	22.63 cpu-ns/op	       0 B/op	       0 allocs/op
BenchmarkW1a-2   	51902817	        170.10 ns/op	70.10 cpu-ns/op	       0 B/op	       0 allocs/op
BenchmarkW1a-2   	52912873	        124.00 ns/op	24.00 cpu-ns/op	       0 B/op	       0 allocs/op
BenchmarkW2g/OneService20-2    	10000	100 ns/op	100 cpu-ns/op	0 B/op	0 allocs/op
BenchmarkW2g/OneService4000-2  	10000	500 ns/op	500 cpu-ns/op	0 B/op	0 allocs/op
BenchmarkW2g/Spread2520        	10000	100 ns/op	100 cpu-ns/op	0 B/op	0 allocs/op
BenchmarkW2g/Spread254000      	10000	700 ns/op	700 cpu-ns/op	0 B/op	0 allocs/op
BenchmarkW5-2    	10000	31000 ns/op	31000 cpu-ns/op	190.1 MB/s	9000 B/op	61 allocs/op
PASS
ok  	github.com/ambit-iam/ambit/policy	12.3s
`

func TestMedianDecides(t *testing.T) {
	t.Parallel()
	f := figures{}
	f.read("policy", printed)
	for _, tt := range []struct {
		name, measured string
		met            bool
	}{
		{"W1a", "24 ns (wall 124 ns), 0 allocs", true},
		{"W5", "31 µs (wall 31 µs), 61 allocs", false},
		{"W1b", notMeasured, false}, // what was not measured is not met
	} {
		for _, g := range goals {
			if g.name != tt.name {
				continue
			}
			if measured, met := f.judge(g); measured != tt.measured || met != tt.met {
				t.Errorf("%s: %q, %t; want %q, %t", tt.name, measured, met, tt.measured, tt.met)
			}
		}
	}
	if measured, met := f.judgeGrowth(growths[0]); measured != "5× (100 ns to 500 ns)" || !met {
		t.Errorf("growth of 5: %q, %t", measured, met)
	}
	if measured, met := f.judgeGrowth(growths[1]); !strings.HasPrefix(measured, "7×") || met {
		t.Errorf("growth of 7: %q, %t", measured, met)
	}
}

func TestReportCountsWhatIsMissed(t *testing.T) {
	t.Parallel()
	f := figures{}
	f.read("policy", printed)
	var out bytes.Buffer
	if missed := report(&out, f, "W1a"); missed != 0 || !strings.Contains(out.String(), "≤ 60 ns, ≤ 0 allocs") {
		t.Errorf("missed %d:\n%s", missed, &out)
	}
	out.Reset()
	if missed := report(&out, f, "W5"); missed != 1 || !strings.Contains(out.String(), "MISSED") {
		t.Errorf("missed %d:\n%s", missed, &out)
	}
}

func TestAtLeast(t *testing.T) {
	t.Parallel()
	l := atLeast(20e3, "writes/s")
	if l.met(19e3) || !l.met(20e3) || l.String() != "≥ 20 k/s" {
		t.Errorf("%v", l)
	}
}

// TestBenchmarksExist holds that a renamed benchmark does not silently lose
// its goal.
func TestBenchmarksExist(t *testing.T) {
	t.Parallel()
	declared := func(pkg, benchmark string) bool {
		top, _, _ := strings.Cut(benchmark, "/")
		files, _ := filepath.Glob(filepath.Join("../..", pkg, "*_test.go"))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if regexp.MustCompile(`(?m)^func Benchmark` + regexp.QuoteMeta(top) + `\(`).Match(text) {
				return true
			}
		}
		return false
	}
	for _, g := range goals {
		if !declared(g.pkg, g.benchmark) {
			t.Errorf("%s: %s has no Benchmark%s", g.name, g.pkg, g.benchmark)
		}
	}
	for _, g := range growths {
		if !declared(g.pkg, g.small) || !declared(g.pkg, g.big) {
			t.Errorf("%s: %s has no Benchmark%s", g.name, g.pkg, g.big)
		}
	}
}

func TestWhatIsMeasured(t *testing.T) {
	t.Parallel()
	if got := packages("W5"); !slices.Equal(got, []string{"policy"}) {
		t.Errorf("packages for W5: %q", got)
	}
	if pattern := wanted("policy", ""); !regexp.MustCompile(pattern).MatchString("BenchmarkW2g") ||
		regexp.MustCompile(pattern).MatchString("BenchmarkW1prepare") {
		t.Errorf("pattern for policy: %s", pattern)
	}
	if pattern := wanted("test/load", "S"); regexp.MustCompile(pattern).MatchString("BenchmarkH1") || !regexp.MustCompile(pattern).MatchString("BenchmarkS1") {
		t.Errorf("pattern for S of test/load: %s", pattern)
	}
	names := timed("policy")
	for _, want := range []string{"W1a", "W2/Spread25Denied", "W2g/OneService4000"} {
		if !slices.Contains(names, want) {
			t.Errorf("the processor time of %s is not measured: %q", want, names)
		}
	}
	if names := timed("internal/store/bolt"); len(names) > 0 {
		t.Errorf("processor time of %q, which have no goal in time", names)
	}
}
