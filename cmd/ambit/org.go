package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

// maxOrganization is how many bytes one organization may have: what the server takes in one call, encoded.
const maxOrganization = 256 << 10

func newOrg() *cobra.Command {
	c := &cobra.Command{
		Use:     "org",
		Short:   "Put the accounts of the running server into an organization",
		Args:    cobra.NoArgs,
		Example: "  ambit org apply organization.json",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newOrgApply())
	return c
}

func newOrgApply() *cobra.Command {
	c := &cobra.Command{
		Use:   "apply FILE",
		Short: "Set the places of accounts and their control policies",
		Long: `Apply sets the places of all accounts of the running server, and the service
and resource control policies of every level, as FILE says; - is standard input.
It replaces what was applied before: accounts that FILE does not name are in no
organization any more, and {} takes all of them out. A level that names no
service control policy has p-FullAWSAccess. It is a call signed by the root user
of the first account.

FILE is a JSON object:

  {"id": "o-abcdefghij", "managementAccount": "123456789012",
   "policies": [{"id": "p-reads", "name": "Reads",
     "type": "SERVICE_CONTROL_POLICY", "document": {…}}],
   "root": {"id": "r-ab12", "policies": [],
     "accounts": [{"id": "123456789012"}],
     "units": [{"id": "ou-ab12-abcdefgh", "policies": ["p-reads"],
       "accounts": [{"id": "210987654321", "policies": []}], "units": []}]}}

Exit codes: 0 applied, 2 refused, no running server or a wrong flag.`,
		Args: oneArgument("the file of the organization"),
		Example: `  ambit org apply organization.json
  echo '{}' | ambit org apply -`,
	}
	k := caller{root: true}
	c.Flags().StringVar(&k.data, "data", "", "`directory` of the server's state; default: the server that was started last")
	output := addOutput(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		text, err := readInput(c.InOrStdin(), args[0], maxOrganization)
		if err != nil {
			return err
		}
		if len(text) > maxOrganization {
			return fmt.Errorf("%s: longer than %d bytes", args[0], maxOrganization)
		}
		var answer struct {
			Accounts []string `xml:"ApplyOrganizationResult>Accounts>member" json:"accounts"`
		}
		if err := k.call(c.Context(), "ApplyOrganization", url.Values{"Document": {string(text)}}, &answer); err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		if output.json() {
			return printJSON(c.OutOrStdout(), answer)
		}
		if len(answer.Accounts) == 0 {
			_, err := fmt.Fprintln(c.OutOrStdout(), "no account is in an organization")
			return err
		}
		return linef(c.OutOrStdout(), "placed %s\n", strings.Join(answer.Accounts, ", "))
	}
	return c
}
