// Package sts decides what AWS Security Token Service answers: who calls, and which sessions of roles, of users
// and of federated users there are.
//
// Served: GetCallerIdentity, AssumeRole, GetSessionToken, GetFederationToken, GetAccessKeyInfo and DecodeAuthorizationMessage. Every
// other operation of the API is authorised and then answered as not implemented. There are no MFA devices yet, so a call that
// gives an MFA code is refused as one with a device that is not the caller's.
//
// Source: STS API Reference, https://docs.aws.amazon.com/STS/latest/APIReference/.
package sts
