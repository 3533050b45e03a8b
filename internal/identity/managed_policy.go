package identity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/policy"
)

// isAWSManaged reports whether the ARN is of a policy that belongs to AWS: arn:aws:iam::aws:policy/….
func isAWSManaged(name string) bool {
	a, err := arn.Parse(name)
	return err == nil && a.Service == "iam" && a.Account == "aws"
}

func policyKey(name string) string { return "policy/" + fold(name) }

// Policy returns the customer managed policy of this account, or the AWS managed policy, with exactly that ARN, or a
// *NotFoundError. Policies of other accounts cannot be attached, so they are not found.
func (r Reader) Policy(name string) (ManagedPolicy, error) {
	missing := &NotFoundError{KindPolicy, name}
	a, err := arn.Parse(name)
	if err != nil || a.Service != "iam" || a.Kind() != "policy" {
		return ManagedPolicy{}, missing
	}
	if a.Account == "aws" {
		aws, ok := r.registry.managed(name)
		if !ok {
			return ManagedPolicy{}, missing
		}
		return ManagedPolicy{
			Name: aws.Name, Path: aws.Path, ID: aws.ID, ARN: aws.ARN, Created: aws.Created, Updated: aws.Updated,
			Default: aws.DefaultVersion, Versions: []PolicyVersion{{ID: aws.DefaultVersion, Created: aws.Updated}},
		}, nil
	}
	p, ok, err := kept[ManagedPolicy](r, policyKey(a.Name()))
	if err == nil && (!ok || p.ARN != name) {
		err = missing
	}
	if err != nil {
		return ManagedPolicy{}, err
	}
	return p, nil
}

// PolicyText returns the document of a version of the policy, "" for the default one, or a *NotFoundError.
func (r Reader) PolicyText(p ManagedPolicy, version string) (string, error) {
	v, err := p.version(version)
	if err != nil {
		return "", err
	}
	if !p.AWSManaged() {
		return r.Text(v.Document)
	}
	aws, ok := r.registry.managed(p.ARN)
	if !ok {
		return "", &NotFoundError{KindPolicy, p.ARN}
	}
	return aws.Document, nil
}

func (p ManagedPolicy) version(id string) (PolicyVersion, error) {
	if id == "" {
		id = p.Default
	}
	at := slices.IndexFunc(p.Versions, func(v PolicyVersion) bool { return v.ID == id })
	if at < 0 {
		return PolicyVersion{}, &NotFoundError{KindPolicyVersion, id}
	}
	return p.Versions[at], nil
}

// CreatePolicy makes a customer managed policy with version v1; Name, Path, ID, Created, Description and Tags of p count.
// Errors: *ExistsError, *LimitError.
func (t Tx) CreatePolicy(p ManagedPolicy, document *policy.Document) (ManagedPolicy, error) {
	if p.Name == "" || p.ID == "" || p.Created.IsZero() {
		return ManagedPolicy{}, fmt.Errorf("identity: a policy needs name, id and time")
	}
	if _, taken := t.tx.Get(policyKey(p.Name)); taken {
		return ManagedPolicy{}, &ExistsError{KindPolicy, p.Name}
	}
	q := t.registry.quotas
	if len(p.Tags) > q.Tags {
		return ManagedPolicy{}, &LimitError{TagsPerEntity, q.Tags, KindPolicy, p.Name}
	}
	if err := t.countEntity(KindPolicy, 1); err != nil {
		return ManagedPolicy{}, err
	}
	if p.Path == "" {
		p.Path = "/"
	}
	p.ARN = ARN(t.registry.partition, t.account, KindPolicy, p.Path, p.Name)
	p.Updated, p.Versions, p.Last = p.Created, nil, 0
	return p, t.addVersion(&p, document, p.Created, true)
}

// CreatePolicyVersion adds a version to a customer managed policy and perhaps makes it the default one.
func (t Tx) CreatePolicyVersion(name string, document *policy.Document, created time.Time, isDefault bool) (PolicyVersion, error) {
	p, err := t.customerPolicy(name)
	if err != nil {
		return PolicyVersion{}, err
	}
	if limit := t.registry.quotas.VersionsPerPolicy; len(p.Versions) >= limit {
		return PolicyVersion{}, &LimitError{VersionsPerPolicy, limit, KindPolicy, p.Name}
	}
	p.Updated = created
	if err := t.addVersion(&p, document, created, isDefault); err != nil {
		return PolicyVersion{}, err
	}
	return p.Versions[len(p.Versions)-1], nil
}

func (t Tx) addVersion(p *ManagedPolicy, document *policy.Document, created time.Time, isDefault bool) error {
	if limit := t.registry.quotas.PolicySize; sizeOf(document) > limit {
		return &LimitError{PolicySize, limit, KindPolicy, p.Name}
	}
	digest, err := t.hold(document.Text())
	if err != nil {
		return err
	}
	p.Last++
	v := PolicyVersion{ID: "v" + strconv.Itoa(p.Last), Document: digest, Created: created}
	p.Versions = append(p.Versions, v)
	if isDefault {
		p.Default = v.ID
	}
	put(t.tx, policyKey(p.Name), *p)
	return nil
}

// SetDefaultVersion makes another version the default one, for everything that uses the policy.
func (t Tx) SetDefaultVersion(name, version string, now time.Time) error {
	p, err := t.customerPolicy(name)
	if err != nil {
		return err
	}
	if _, err := p.version(version); err != nil {
		return err
	}
	p.Default, p.Updated = version, now
	put(t.tx, policyKey(p.Name), p)
	return nil
}

// DeletePolicyVersion removes a version that is not the default one (*ConflictError).
func (t Tx) DeletePolicyVersion(name, version string, now time.Time) error {
	p, err := t.customerPolicy(name)
	if err != nil {
		return err
	}
	v, err := p.version(version)
	if err != nil {
		return err
	}
	if v.ID == p.Default {
		return &ConflictError{KindPolicyVersion, v.ID, IsDefault}
	}
	p.Versions = slices.DeleteFunc(p.Versions, func(other PolicyVersion) bool { return other.ID == v.ID })
	p.Updated = now
	put(t.tx, policyKey(p.Name), p)
	return t.release(v.Document)
}

// DeletePolicy removes a customer managed policy that nothing uses and that has only its default version (*ConflictError).
func (t Tx) DeletePolicy(name string) error {
	p, err := t.customerPolicy(name)
	if err != nil {
		return err
	}
	used, err := t.PolicyUsage(p.ARN)
	switch {
	case err != nil:
		return err
	case used != Usage{}:
		return &ConflictError{KindPolicy, p.Name, IsAttached}
	case len(p.Versions) > 1:
		return &ConflictError{KindPolicy, p.Name, HasVersions}
	}
	if err := t.countEntity(KindPolicy, -1); err != nil {
		return err
	}
	t.tx.Delete(policyKey(p.Name))
	return t.release(p.Versions[0].Document)
}

func (t Tx) customerPolicy(name string) (ManagedPolicy, error) {
	p, err := t.Policy(name)
	if err == nil && p.AWSManaged() {
		err = &ConflictError{KindPolicy, p.Name, AWSManaged}
	}
	return p, err
}

// nameOf returns the last part of an ARN.
func nameOf(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
