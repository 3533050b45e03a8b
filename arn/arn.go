// Package arn decides what a name names: it takes Amazon Resource Names apart
// and puts them together again.
//
// An ARN has six fields separated by colons; the sixth takes the rest of the
// string, colons included:
//
//	arn:partition:service:region:account-id:resource
//
// The package checks the shape of a name, not whether the thing named exists,
// and it never changes a name: [ARN.String] of a parsed name is that name.
// It uses the standard library only.
//
// Source: IAM User Guide, "IAM identifiers", and General Reference, "Amazon
// Resource Names (ARNs)".
package arn

import (
	"errors"
	"strings"
)

// An ARN is a parsed Amazon Resource Name. The zero ARN names nothing.
type ARN struct {
	Partition string // "aws", "aws-cn", "aws-us-gov"
	Service   string // "iam", "s3"
	Region    string // empty for global services
	Account   string // twelve digits, "aws" for AWS managed policies, or empty
	Resource  string // everything after the fifth colon
}

var (
	// ErrPrefix says that the text does not start with "arn:".
	ErrPrefix = errors.New(`does not start with "arn:"`)
	// ErrFields says that the text has fewer than six fields.
	ErrFields = errors.New("has fewer than six fields separated by colons")
	// ErrEmpty says that the partition, the service or the resource is empty.
	ErrEmpty = errors.New("has an empty partition, service or resource")
)

// Parse takes s apart. It returns ErrPrefix, ErrFields or ErrEmpty when s is
// not an ARN. Region and account may be empty, as they are for many services.
func Parse(s string) (ARN, error) {
	rest, ok := strings.CutPrefix(s, "arn:")
	if !ok {
		return ARN{}, ErrPrefix
	}
	var field [4]string
	for i := range field {
		if field[i], rest, ok = strings.Cut(rest, ":"); !ok {
			return ARN{}, ErrFields
		}
	}
	a := ARN{Partition: field[0], Service: field[1], Region: field[2], Account: field[3], Resource: rest}
	if a.Partition == "" || a.Service == "" || a.Resource == "" {
		return ARN{}, ErrEmpty
	}
	return a, nil
}

// Is reports whether s has the shape of an ARN.
func Is(s string) bool {
	_, err := Parse(s)
	return err == nil
}

// String puts the name together again; Parse(a.String()) gives a back. The
// zero ARN gives the empty string.
func (a ARN) String() string {
	if a == (ARN{}) {
		return ""
	}
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

// Kind returns the part of the resource before the first slash or colon:
// "role" for a role, "assumed-role" for a role session, "root" for the root
// user, "table" for a DynamoDB table. It is the whole resource when there is
// neither.
func (a ARN) Kind() string {
	if i := strings.IndexAny(a.Resource, "/:"); i >= 0 {
		return a.Resource[:i]
	}
	return a.Resource
}

// Name returns the friendly name: what follows the last slash of the
// resource, or the whole resource when there is none.
func (a ARN) Name() string {
	return a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
}

// Path returns the IAM path of a user, group, role, policy or instance
// profile, with a slash at both ends: "/" or "/division/team/". A name
// without a slash has no path and gives "".
func (a ARN) Path() string {
	first := strings.IndexByte(a.Resource, '/')
	if first < 0 {
		return ""
	}
	return a.Resource[first : strings.LastIndexByte(a.Resource, '/')+1]
}

// IsAccountID reports whether s is an AWS account number: twelve digits.
func IsAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
