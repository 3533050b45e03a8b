package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

func accountHandlers() []service.Handler {
	return []service.Handler{
		createAccountAlias.Named("CreateAccountAlias"),
		deleteAccountAlias.Named("DeleteAccountAlias"),
		listAccountAliases.Named("ListAccountAliases"),
		getAccountSummary.Named("GetAccountSummary"),
		generateCredentialReport.Named("GenerateCredentialReport"),
		getCredentialReport.Named("GetCredentialReport"),
	}
}

// aliasPrefix begins the record of an alias in its account, and its name in the directory of all accounts.
const aliasPrefix = "iam:alias/"

// aliasPattern has letters, digits and single hyphens between them.
var aliasPattern = service.NewPattern(`^[a-z0-9](-?[a-z0-9])+$`)

const shownAlias = `^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`

// alias checks an account alias. One of twelve digits would be taken for an account number.
func (i *input) alias(value *string) {
	i.Required("accountAlias", value)
	i.Length("accountAlias", value, 3, 63)
	i.Pattern("accountAlias", value, aliasPattern, shownAlias)
	if value != nil && arn.IsAccountID(*value) {
		i.refuse("ValidationError", "The specified value for accountAlias is invalid. It must not be a 12 digit number.")
	}
}

// claimOf is the claim on an alias, which is unique over all accounts.
func claimOf(alias string) service.Claim {
	taken := service.Conflict("EntityAlreadyExists", "The account alias "+alias+" already exists.")
	return service.Claim{Name: aliasPrefix + alias, Record: aliasPrefix + alias, Taken: taken, Pending: errChanged}
}

// createAccountAlias gives the account an alias in the place of the one before: an account has one ("Your AWS account ID and its
// alias", IAM User Guide).
var createAccountAlias = service.Writing[iam.CreateAccountAliasInput, struct{}]{
	Check: func(in *iam.CreateAccountAliasInput) error {
		var i input
		i.alias(in.AccountAlias)
		return i.Err()
	},
	Claim: func(_ *service.Call, in *iam.CreateAccountAliasInput) service.Claim { return claimOf(*in.AccountAlias) },
	Act: func(c *service.Call, in *iam.CreateAccountAliasInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		claim := claimOf(*in.AccountAlias)
		if _, own := tx.Store().Get(claim.Record); own {
			return service.Answer{}, claim.Taken
		}
		held, err := claim.Held(tx.Reader)
		switch {
		case err != nil:
			return service.Answer{}, err
		case !held:
			return service.Answer{}, claim.Pending
		}
		for _, old := range aliases(tx.Reader) {
			tx.Store().Delete(aliasPrefix + old)
		}
		tx.Store().Put(claim.Record, []byte(c.Now().UTC().Format(timeStored)))
		return service.Body(&iam.CreateAccountAliasOutput{}), nil
	},
}

// timeStored is how the record of an alias says since when it is.
const timeStored = "2006-01-02T15:04:05Z"

// aliases returns the aliases of an account: one or none.
func aliases(r identity.Reader) []string {
	var names []string
	for key := range store.All(r.Store(), aliasPrefix) {
		names = append(names, strings.TrimPrefix(key, aliasPrefix))
	}
	return names
}

// deleteAccountAlias leaves the name in the directory, where it holds nobody off: what it names is gone.
var deleteAccountAlias = service.Writing[iam.DeleteAccountAliasInput, struct{}]{
	Check: func(in *iam.DeleteAccountAliasInput) error {
		var i input
		i.alias(in.AccountAlias)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteAccountAliasInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		key := aliasPrefix + *in.AccountAlias
		if _, own := tx.Store().Get(key); !own {
			return service.Answer{}, service.NotFound("NoSuchEntity", "The account alias "+*in.AccountAlias+" cannot be found.")
		}
		tx.Store().Delete(key)
		return service.Body(&iam.DeleteAccountAliasOutput{}), nil
	},
}

var listAccountAliases = service.Reading[iam.ListAccountAliasesInput]{
	Check: func(in *iam.ListAccountAliasesInput) error {
		var i input
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListAccountAliasesInput, r identity.Reader) (service.Answer, error) {
		itself := func(alias string) string { return alias }
		p, err := pageOfAll(c, in.Marker, in.MaxItems, aliases(r), itself, itself)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListAccountAliasesOutput{AccountAliases: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
