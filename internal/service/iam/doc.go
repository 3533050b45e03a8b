// Package iam decides what AWS Identity and Access Management answers: it creates and describes users, roles, managed policies
// and access keys.
//
// Served: CreatePolicy, GetPolicy, CreateRole, GetRole, AttachRolePolicy, PutRolePolicy, CreateUser, GetUser, AttachUserPolicy,
// CreateAccessKey. Every other operation of the API is authorised and then answered as not implemented.
//
// Source: IAM API Reference, https://docs.aws.amazon.com/IAM/latest/APIReference/.
package iam
