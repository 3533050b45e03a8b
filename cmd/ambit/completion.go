package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// shells are those that completion scripts are made for.
var shells = [...]string{"bash", "zsh", "fish", "powershell"}

func newCompletion() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script that completes ambit's commands and flags",
		Long: `Completion prints a script for the shell that is named. Load it once per
session, or put it where the shell looks for completions.`,
		Example: `  source <(ambit completion bash)
  ambit completion zsh > "${fpath[1]}/_ambit"
  ambit completion fish > ~/.config/fish/completions/ambit.fish
  ambit completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells[:],
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one shell: bash, zsh, fish or powershell")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		RunE: func(c *cobra.Command, args []string) error {
			w := c.OutOrStdout()
			switch args[0] {
			case "bash":
				return c.Root().GenBashCompletionV2(w, true)
			case "zsh":
				return c.Root().GenZshCompletion(w)
			case "fish":
				return c.Root().GenFishCompletion(w, true)
			case "powershell":
				return c.Root().GenPowerShellCompletionWithDesc(w)
			}
			return fmt.Errorf("no completion for the shell %q; name bash, zsh, fish or powershell", args[0])
		},
	}
}
