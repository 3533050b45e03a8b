package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// cpuTime is the unit of processor time per operation. The clock on the wall
// says how busy the machine is as well; goals in ns/op are meant in this one.
const cpuTime = "cpu-ns/op"

// measureProcessor adds the processor time of every benchmark of a package that
// has a goal in time: what a process uses that runs it n times, less what one
// uses that runs it once.
func (f figures) measureProcessor(ctx context.Context, folder, pkg string, count int) error {
	if len(timed(pkg)) == 0 {
		return nil
	}
	binary := filepath.Join(folder, strings.ReplaceAll(pkg, "/", "_")+".test")
	if out, err := exec.CommandContext(ctx, "go", "test", "-pgo", profile, "-c", "-o", binary, "./"+pkg).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", pkg, err, out)
	}
	for _, benchmark := range timed(pkg) {
		wall, ok := f.median(pkg, benchmark, "ns/op")
		if _, own := f.median(pkg, benchmark, cpuTime); own || !ok {
			continue // it tells its processor time itself, or was not there
		}
		n := 1 + max(1, int(math.Ceil(1e9/wall)))
		fmt.Fprintf(os.Stderr, "processor time of %s\n", benchmark)
		for range count {
			once, err := used(ctx, binary, pkg, benchmark, 1)
			if err != nil {
				return err
			}
			often, err := used(ctx, binary, pkg, benchmark, n)
			if err != nil {
				return err
			}
			k := key(pkg, benchmark)
			f[k][cpuTime] = append(f[k][cpuTime], max(0, float64(often-once))/float64(n-1))
		}
	}
	return nil
}

// timed lists the benchmarks of a package with a goal in time, each once.
func timed(pkg string) []string {
	var out []string
	for _, g := range goals {
		inTime := slices.ContainsFunc(g.limits, func(l limit) bool { return l.unit == "ns/op" })
		if g.pkg == pkg && inTime && !slices.Contains(out, g.benchmark) {
			out = append(out, g.benchmark)
		}
	}
	for _, g := range growths {
		if g.pkg == pkg {
			out = append(out, g.small, g.big)
		}
	}
	return out
}

// used runs a benchmark n times in a process of its own and returns the
// processor time that the process took.
func used(ctx context.Context, binary, pkg, benchmark string, n int) (time.Duration, error) {
	pattern := "^Benchmark" + strings.ReplaceAll(benchmark, "/", "$/^") + "$"
	c := exec.CommandContext(ctx, binary, "-test.run", "^$", "-test.bench", pattern, "-test.benchtime", fmt.Sprintf("%dx", n))
	c.Dir = pkg
	if out, err := c.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", benchmark, err, out)
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime(), nil
}
