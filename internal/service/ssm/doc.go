// Package ssm decides what AWS Systems Manager Parameter Store answers. Nothing else of Systems Manager is served.
//
// Parameters are records of the account: a name, its versions, labels and tags are judged and changed in one state. A name and the same
// with a slash before it have one ARN, so that only one of them can be there.
//
// Secure strings are encrypted in the store with the server's own key. To clients they are encrypted under the key that AWS manages for
// the service, alias/aws/ssm: its key policy, as AWS has it, permits every principal of the account to use it through the service, and a
// Deny of kms:Decrypt or kms:Encrypt refuses. KMS itself does not exist here, and another KeyId is refused. A value that is not decrypted
// is answered as ciphertext that nothing decrypts. No value is ever in a record of requests.
//
// Not served: parameter policies, data types besides text, parameters that AWS publishes (/aws/service/…), references to secrets
// (/aws/reference/secretsmanager/…) and parameters that are shared by other accounts.
//
// Source: AWS Systems Manager API Reference and User Guide, https://docs.aws.amazon.com/systems-manager/latest/APIReference/.
package ssm
