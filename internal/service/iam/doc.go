// Package iam decides what AWS Identity and Access Management answers: it makes, describes, changes and deletes users, groups,
// roles, managed policies and what hangs on them.
//
// Which operations are served is written in docs/coverage.md, which is generated from the table. Every other operation of the
// API is authorised and then answered as not implemented.
//
// Source: IAM API Reference, https://docs.aws.amazon.com/IAM/latest/APIReference/.
package iam
