// Package sts decides what AWS Security Token Service answers: who calls, and sessions of roles.
//
// Served: GetCallerIdentity and AssumeRole. Every other operation of the API is authorised and then answered as not
// implemented. There are no MFA devices yet, so a call that gives an MFA code is refused as one with a wrong code.
//
// Source: STS API Reference, https://docs.aws.amazon.com/STS/latest/APIReference/.
package sts
