// Command bench decides whether Ambit is as fast as it should be: it runs the
// benchmarks that have a goal and prints goal beside figure. A figure is the
// median of several runs. Goals in time are judged by processor time, which a
// machine that does other work disturbs less than the clock on the wall; that
// one is printed beside it.
//
//	go run ./tools/bench [-count 6] [-benchtime 1s] [-only W1] [-strict]
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

func main() { os.Exit(run()) }

// profile is what go build optimises the command by. What is measured is optimised in the same way: the rooms, because nobody runs them
// otherwise, and with them the yardstick that stands beside the command.
const profile = "cmd/ambit/default.pgo"

func run() int {
	count := flag.Int("count", 6, "runs of each benchmark; the median counts")
	benchtime := flag.String("benchtime", "1s", "how long one run takes")
	only := flag.String("only", "", "measure only goals whose name begins with this")
	strict := flag.Bool("strict", false, "exit 1 when a goal is missed or not measured")
	flag.Parse()
	figures := figures{}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 2
	}
	defer os.RemoveAll(folder)
	failed := false
	began := time.Now()
	list := packages(*only)
	for i, pkg := range list {
		fmt.Fprintf(os.Stderr, "%d of %d: %s, %d runs each; %s so far\n", i+1, len(list), pkg, *count, since(began))
		// The others are still worth measuring; this one's goals are then not met.
		if err := measure(ctx, figures, folder, pkg, *only, *count, *benchtime); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			failed = true
		}
	}
	fmt.Fprintf(os.Stderr, "measured in %s\n", since(began))
	missed := report(os.Stdout, figures, *only)
	switch {
	case failed:
		return 2
	case missed > 0 && *strict:
		return 1
	}
	return 0
}

func since(began time.Time) time.Duration { return time.Since(began).Round(time.Second) }

// packages lists the packages to measure, each once, in the order of the table.
func packages(only string) []string {
	var out []string
	for _, g := range goals {
		if strings.HasPrefix(g.name, only) && !slices.Contains(out, g.pkg) {
			out = append(out, g.pkg)
		}
	}
	for _, g := range growths {
		if strings.HasPrefix(g.name, only) && !slices.Contains(out, g.pkg) {
			out = append(out, g.pkg)
		}
	}
	return out
}

// wanted is the pattern of the benchmarks of a package that have a goal whose name begins with only.
func wanted(pkg, only string) string {
	var names []string
	add := func(name, p, benchmark string) {
		top, _, _ := strings.Cut(benchmark, "/")
		if p == pkg && strings.HasPrefix(name, only) && !slices.Contains(names, top) {
			names = append(names, top)
		}
	}
	for _, g := range goals {
		add(g.name, g.pkg, g.benchmark)
	}
	for _, g := range growths {
		add(g.name, g.pkg, g.big)
	}
	return "^Benchmark(" + strings.Join(names, "|") + ")$"
}

// measure shows on standard error what go test prints, so that somebody who waits sees how far it is.
func measure(ctx context.Context, f figures, folder, pkg, only string, count int, benchtime string) error {
	c := exec.CommandContext(ctx, "go", "test", "-pgo", profile, "-run", "^$", "-bench", wanted(pkg, only), "-benchmem",
		"-count", fmt.Sprint(count), "-benchtime", benchtime, "-timeout", "1h", "./"+pkg)
	var out bytes.Buffer
	c.Stdout = io.MultiWriter(&out, os.Stderr)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", pkg, err)
	}
	f.read(pkg, out.String())
	return f.measureProcessor(ctx, folder, pkg, count)
}

// report prints the table and returns how many goals are missed or not
// measured.
func report(w io.Writer, f figures, only string) (missed int) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\tworkload\tgoal\tmeasured\t")
	row := func(name, workload, goal, measured string, met bool) {
		verdict := "met"
		if !met {
			verdict = "MISSED"
			missed++
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", name, workload, goal, measured, verdict)
	}
	for _, g := range goals {
		if strings.HasPrefix(g.name, only) {
			measured, met := f.judge(g)
			row(g.name, g.workload, g.demand(), measured, met)
		}
	}
	for _, g := range growths {
		if strings.HasPrefix(g.name, only) {
			measured, met := f.judgeGrowth(g)
			row(g.name, g.workload, fmt.Sprintf("≤ %.3g×", g.atMostTimes), measured, met)
		}
	}
	// Standard output is the only thing that could fail here.
	_ = t.Flush()
	return missed
}
