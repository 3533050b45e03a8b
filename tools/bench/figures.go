package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// figures holds what was measured: package and benchmark, then the unit, then
// one value per run.
type figures map[string]map[string][]float64

const notMeasured = "not measured"

func key(pkg, benchmark string) string { return pkg + " " + benchmark }

// processors is the suffix that go test adds to a name.
var processors = regexp.MustCompile(`-\d+$`)

// read takes in what go test -bench printed for a package.
func (f figures) read(pkg, output string) {
	for line := range strings.Lines(output) {
		fields := strings.Fields(line)
		if len(fields) < 4 {
			continue
		}
		name, ok := strings.CutPrefix(fields[0], "Benchmark")
		if !ok {
			continue
		}
		k := key(pkg, processors.ReplaceAllString(name, ""))
		if f[k] == nil {
			f[k] = map[string][]float64{}
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				f[k][fields[i+1]] = append(f[k][fields[i+1]], v)
			}
		}
	}
}

// median returns the middle of the runs, and whether there was any.
func (f figures) median(pkg, benchmark, unit string) (float64, bool) {
	runs := slices.Sorted(slices.Values(f[key(pkg, benchmark)][unit]))
	if len(runs) == 0 {
		return 0, false
	}
	mid := len(runs) / 2
	if len(runs)%2 == 0 {
		return (runs[mid-1] + runs[mid]) / 2, true
	}
	return runs[mid], true
}

// demand is the goal in words.
func (g goal) demand() string {
	parts := make([]string, len(g.limits))
	for i, l := range g.limits {
		parts[i] = l.String()
	}
	return strings.Join(parts, ", ")
}

// judge writes the figures of a goal and says whether all its limits hold. A
// figure that is missing does not hold.
func (f figures) judge(g goal) (measured string, met bool) {
	parts := make([]string, len(g.limits))
	met = true
	for i, l := range g.limits {
		v, ok := f.median(g.pkg, g.benchmark, l.judged())
		if !ok {
			parts[i], met = notMeasured, false
			continue
		}
		parts[i] = quantity(v, l.unit)
		if wall, ok := f.median(g.pkg, g.benchmark, l.unit); ok && l.judged() != l.unit {
			parts[i] += " (wall " + quantity(wall, l.unit) + ")"
		}
		met = met && l.met(v)
	}
	return strings.Join(slices.Compact(parts), ", "), met
}

func (f figures) judgeGrowth(g growth) (measured string, met bool) {
	small, ok := f.median(g.pkg, g.small, cpuTime)
	big, also := f.median(g.pkg, g.big, cpuTime)
	if !ok || !also || small == 0 {
		return notMeasured, false
	}
	return fmt.Sprintf("%.3g× (%s to %s)", big/small, quantity(small, "ns/op"), quantity(big, "ns/op")), big/small <= g.atMostTimes
}
