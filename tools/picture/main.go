// Command picture draws docs/tour.svg: a terminal in which `ambit tour` has just run, shortened to the steps that README speaks of.
// The steps are really played, so the picture shows what the program prints today; nothing in it changes from run to run.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

//go:generate go run . ../../docs/tour.svg

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: picture FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

// run plays the tour and draws it into a file.
func run(path string) error {
	c := exec.Command("go", "run", "-buildvcs=false", "github.com/ambit-iam/ambit/cmd/ambit", "tour", "-o", "json")
	c.Stderr = os.Stderr
	played, err := c.Output()
	if err != nil {
		return fmt.Errorf("ambit tour: %w", err)
	}
	var steps []step
	if err := json.Unmarshal(played, &steps); err != nil {
		return err
	}
	lines, err := terminal(steps)
	if err != nil {
		return err
	}
	return os.WriteFile(path, draw("ambit tour", lines), 0o644)
}
