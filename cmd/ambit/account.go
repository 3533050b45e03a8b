package main

import (
	"net/url"

	"github.com/spf13/cobra"
)

func newAccount() *cobra.Command {
	c := &cobra.Command{
		Use:     "account",
		Short:   "Make further accounts on the running server",
		Args:    cobra.NoArgs,
		Example: "  ambit account add 210987654321",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newAccountAdd())
	return c
}

func newAccountAdd() *cobra.Command {
	c := &cobra.Command{
		Use:   "add NUMBER",
		Short: "Make an account and print the access key of its root user",
		Long: `Add makes a further account on the running server and prints the access key of
its root user, which nobody is told again. It is a call signed by the root user
of the first account.

Exit codes: 0 made, 2 refused, no running server or a wrong flag.`,
		Args: oneArgument("the number of the account, 12 digits"),
		Example: `  ambit account add 210987654321
  ambit account add 210987654321 -o json`,
	}
	k := caller{root: true}
	c.Flags().StringVar(&k.data, "data", "", "`directory` of the server's state; default: the server that was started last")
	output := addOutput(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		var answer struct {
			Number string `xml:"AddAccountResult>AccountNumber" json:"accountNumber"`
			ID     string `xml:"AddAccountResult>AccessKeyId" json:"accessKeyId"`
			Secret string `xml:"AddAccountResult>SecretAccessKey" json:"secretAccessKey"`
		}
		if err := k.call(c.Context(), "AddAccount", url.Values{"AccountNumber": args}, &answer); err != nil {
			return err
		}
		if output.json() {
			return printJSON(c.OutOrStdout(), answer)
		}
		return linef(c.OutOrStdout(), "[ambit-%s-root]\naws_access_key_id = %s\naws_secret_access_key = %s\n", answer.Number, answer.ID, answer.Secret)
	}
	return c
}
