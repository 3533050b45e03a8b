package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	c := &cobra.Command{
		Use:   "version",
		Short: "Print what this binary was built from",
		Args:  cobra.NoArgs,
		Example: `  ambit version
  ambit version -o json`,
	}
	output := addOutput(c, "text", "json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		info, _ := debug.ReadBuildInfo() // nil info is a build without module support; it says "unknown"
		b := newBuild(info)
		if output.json() {
			return printJSON(c.OutOrStdout(), b)
		}
		_, err := fmt.Fprintln(c.OutOrStdout(), b)
		return err
	}
	return c
}

// A build is where a binary comes from, as the Go toolchain recorded it.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // empty where the toolchain recorded none
	Time     string `json:"time"`     // of the revision
	Modified bool   `json:"modified"` // the working tree differed from the revision
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newBuild(info *debug.BuildInfo) build {
	b := build{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info == nil {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// String is one line for people.
func (b build) String() string {
	s := "ambit " + b.Version
	if b.Revision != "" {
		s += " (" + b.Revision
		if b.Modified {
			s += ", modified"
		}
		s += ")"
	}
	return s + " " + b.Go + " " + b.Platform
}
