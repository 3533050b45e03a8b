// Package identity decides who calls: it keeps accounts, users, groups, roles, policies, access keys and sessions, and turns
// the credential of a request into a Caller and the policies that bear on it.
//
// Most readers need four things. [Open] opens the store and makes the first account. [Registry.Authenticate] turns a signed
// request into a [Caller]. [Registry.View] and [Registry.Update] give a [Reader] and a [Tx], with verbs in IAM's words, on
// one account. [Registry.Policies] gives the compiled policies of a caller, as authz needs them.
//
// What a caller may rely on:
//
//   - Names of users, groups, roles and policies are unique ignoring case; the spelling of creation is kept and answered.
//   - Nobody who saw a change acknowledged meets a credential or a view from before it: both are dropped synchronously when
//     the change commits, and a decision inside an update is taken on the state of that update.
//   - A session is bound to the unique id of its principal, and so are the principals of trust policies: a re-created
//     namesake is somebody else.
//   - Secrets are encrypted where they rest, and a [Secret] does not print.
//   - Ids, secrets and times are drawn outside of updates and passed in, since an update may run more than once.
//
// # Records
//
// Every account is a space of the store. A record is a version byte and JSON: it is decoded when a view is loaded and never
// while a request is decided, so what counts is that it can be read in a dump and grow fields without a migration.
//
//	account                    the account, its root user's keys
//	summary                    how many entities of each kind there are
//	user/NAME role/NAME group/NAME
//	                           the entity: attachments in order, inline policies, boundary, tags
//	policy/NAME                a customer managed policy with its versions
//	instance-profile/NAME      an instance profile with its role
//	deletion/TASK              a task that deleted a service-linked role
//	usage/ARN                  how often a managed policy is attached, and is a boundary
//	use/ARN NUL KIND/NAME      by whom
//	document/DIGEST            the text of a policy document, once, with the number of records that point to it
//	principal/ID               the user or role that has the unique id
//	key/ID                     an access key
//	used/ID                    its last use
//	login/ID                   the password of the user with that unique id, hashed
//	mfa/NAME                   a virtual MFA device; NAME has the path
//	password-policy            the account's password policy
//
// NAME is folded to lower case. Three further spaces belong to no account: "server" has the key ring, "directory" the access
// keys whose ids do not carry their account, "organization" the places of accounts and their control policies.
package identity
