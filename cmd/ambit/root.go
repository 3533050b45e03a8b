package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// newRoot assembles the command line. Every subcommand is made by a function
// of its own file and named here; nothing registers itself.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "ambit",
		Short: "AWS-compatible identity in which permissions boundaries really hold",
		Long: `Ambit answers AWS API calls under the complete documented evaluation logic of
IAM, and judges and validates policies on the command line.

Exit codes: 0 done, 1 refuted, 2 a wrong flag or unusable input.`,
		Example: `  ambit serve
  eval "$(ambit env)"
  ambit tour`,
		Args:               cobra.NoArgs,
		SilenceErrors:      true,
		SilenceUsage:       true,
		DisableSuggestions: true, // they would break the one line of an error
		RunE:               func(c *cobra.Command, _ []string) error { return c.Help() },
		CompletionOptions:  cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, c.CommandPath())
	})
	root.SetHelpCommand(newHelp())
	root.AddCommand(
		newServe(),
		newTour(),
		newEnv(),
		newInstances(),
		newLog(),
		newExplain(),
		newAccount(),
		newOrg(),
		newRuntime(),
		newEval(),
		newValidate(),
		newVersion(),
		newCompletion(),
	)
	return root
}

// oneArgument demands one argument, and says what it is.
func oneArgument(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes one argument, %s; see %[1]s --help", c.CommandPath(), what)
		}
		return nil
	}
}

// newHelp replaces cobra's help command, which takes an unknown topic for a
// success.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [command]",
		Short:   "Print the help of a command",
		Example: "  ambit help eval",
		RunE: func(c *cobra.Command, args []string) error {
			topic, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("no help for %q; see ambit --help", strings.Join(args, " "))
			}
			return topic.Help()
		},
	}
}
