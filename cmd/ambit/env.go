package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/server"
)

func newEnv() *cobra.Command {
	var data string
	var root bool
	c := &cobra.Command{
		Use:   "env",
		Short: "Print shell commands that point AWS clients at the running server",
		Long: `Env prints export commands for the endpoint, the region and the access key of
the running server's user "admin", for a shell to evaluate. Of several servers
it takes the one that was started last, unless --data names one.`,
		Args: cobra.NoArgs,
		Example: `  eval "$(ambit env)"
  eval "$(ambit env --root)"
  eval "$(ambit env --data ./state)"`,
	}
	c.Flags().StringVar(&data, "data", "", "`directory` of the server's state")
	c.Flags().BoolVar(&root, "root", false, "the key of the root user instead of the admin's")
	c.RunE = func(c *cobra.Command, _ []string) error {
		running, err := server.FindRunning(c.Context(), data, server.RuntimeDir(os.LookupEnv))
		if err != nil {
			return err
		}
		key, err := running.Key(root)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(c.OutOrStdout(), exports(running, key))
		return err
	}
	return c
}

// exports words the commands. A session token and a profile of before would take precedence over the key, or speak for another
// endpoint.
func exports(r server.Running, k server.Key) string {
	var b strings.Builder
	for _, v := range []struct{ name, value string }{
		{"AWS_ENDPOINT_URL", r.Endpoint}, {"AWS_REGION", r.Region}, {"AWS_DEFAULT_REGION", r.Region},
		{"AWS_ACCESS_KEY_ID", k.ID}, {"AWS_SECRET_ACCESS_KEY", k.Secret}, {"AWS_CA_BUNDLE", r.CA},
	} {
		if v.value != "" {
			fmt.Fprintf(&b, "export %s=%s\n", v.name, shellQuote(v.value))
		}
	}
	b.WriteString("unset AWS_SESSION_TOKEN AWS_PROFILE\n")
	return b.String()
}

// shellQuote makes one word of s for any POSIX shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
