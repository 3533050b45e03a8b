package main

import (
	"fmt"
	"io"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/function"
)

func newRuntime() *cobra.Command {
	c := &cobra.Command{
		Use:     "runtime",
		Short:   "Install what Lambda functions find in their runtimes",
		Args:    cobra.NoArgs,
		Example: `  ambit runtime install nodejs`,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRuntimeInstall())
	return c
}

func newRuntimeInstall() *cobra.Command {
	return &cobra.Command{
		Use:   "install nodejs",
		Short: "Install the AWS SDKs for functions of the nodejs runtimes",
		Long: `Install fetches, by npm, the AWS SDKs that functions of the nodejs runtimes find
without bringing them: aws-sdk (version 2) and the @aws-sdk clients of the
services that Ambit serves, each of one exact version whose content is checked.
They go into your cache directory, once for all servers; what is installed
already stays. The server does the same by itself when the first such function
is created: this command is for images, and for machines that are offline later.`,
		Example: `  ambit runtime install nodejs`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] != "nodejs" {
				return fmt.Errorf("name the runtime: nodejs; the others need no installation")
			}
			return nil
		},
		ValidArgs: []string{"nodejs"},
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(c.Context(), endings()...)
			defer stop()
			cache, err := function.DefaultCache()
			if err != nil {
				return err
			}
			dir, installed := function.NodeSDKs(cache)
			if installed {
				_, err := fmt.Fprintf(c.OutOrStdout(), "installed already: %s\n", dir)
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "fetching the AWS SDKs for Node, 190 MB when unpacked …\n")
			if dir, err = function.InstallNodeSDKs(ctx, cache, io.Discard); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "installed: %s\n", dir)
			return err
		},
	}
}
