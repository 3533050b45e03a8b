package catalog

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// managed holds the embedded policies: after a comment one line of fields for each, then an empty line, then one line with the
// document of each. It is embedded as plain text, so that a document is a part of the binary and costs no memory of its own,
// however often it is asked for.
//
//go:embed managed.txt
var managed string

// An AWSManagedPolicy is a managed policy that AWS provides in every account.
type AWSManagedPolicy struct {
	ARN  string // "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
	Name string // "ViewOnlyAccess"
	Path string // "/job-function/"

	// ID is the unique id, ANPA…. It is AWS's where that is publicly recorded and otherwise derived from the ARN, so that it
	// is the same everywhere.
	ID string

	DefaultVersion string // "v3"; no other version is known
	Document       string // the default version's policy document, JSON without white space

	CreateDate time.Time
	UpdateDate time.Time // when the default version was made
}

// managedPolicies is sorted by ARN, made on first use and never changed.
var managedPolicies = sync.OnceValue(func() []AWSManagedPolicy { return readManaged(managed) })

// readManaged panics on a line that it cannot read: the text is generated and embedded, and a test reads all of it.
func readManaged(text string) []AWSManagedPolicy {
	head, body, _ := strings.Cut(text, "\n\n")
	_, head, _ = strings.Cut(head, "\n") // the comment
	var policies []AWSManagedPolicy
	for line := range strings.SplitSeq(head, "\n") {
		fields := strings.Split(line, "\t")
		document, rest, _ := strings.Cut(body, "\n")
		body = rest
		resource := strings.TrimPrefix(fields[0], "arn:aws:iam::aws:policy")
		slash := strings.LastIndexByte(resource, '/') + 1
		policies = append(policies, AWSManagedPolicy{
			ARN: fields[0], Name: resource[slash:], Path: resource[:slash], ID: fields[1], DefaultVersion: fields[2],
			Document: document, CreateDate: instant(fields[3]), UpdateDate: instant(fields[4]),
		})
	}
	return policies
}

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(fmt.Sprintf("catalog: the embedded policies are damaged: %v", err))
	}
	return t
}

// ManagedPolicy returns the AWS managed policy with that ARN, spelled exactly and in the partition aws, and whether it is one of
// those that are embedded. AWS has about 1,500; here are those that people name most.
func ManagedPolicy(arn string) (AWSManagedPolicy, bool) {
	policies := managedPolicies()
	i, found := slices.BinarySearchFunc(policies, arn, func(p AWSManagedPolicy, a string) int { return strings.Compare(p.ARN, a) })
	if !found {
		return AWSManagedPolicy{}, false
	}
	return policies[i], true
}

// ManagedPolicies returns every embedded AWS managed policy, sorted by ARN.
func ManagedPolicies() []AWSManagedPolicy { return slices.Clone(managedPolicies()) }
