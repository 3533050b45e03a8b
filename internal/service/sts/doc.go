// Package sts decides what AWS Security Token Service answers: who calls, and which sessions of roles, of users
// and of federated users there are.
//
// Served: GetCallerIdentity, AssumeRole, GetSessionToken, GetFederationToken, GetAccessKeyInfo and DecodeAuthorizationMessage. Every
// other operation of the API is authorised and then answered as not implemented. A code of an MFA device counts once.
//
// Source: STS API Reference, https://docs.aws.amazon.com/STS/latest/APIReference/.
package sts
