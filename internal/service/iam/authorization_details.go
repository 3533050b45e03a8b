package iam

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var getAccountAuthorizationDetails = service.Reading[iam.GetAccountAuthorizationDetailsInput]{
	Check: func(in *iam.GetAccountAuthorizationDetailsInput) error {
		var i input
		for _, kind := range in.Filter {
			i.OneOf("filter", string(kind), "User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy")
		}
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetAccountAuthorizationDetailsInput, r identity.Reader) (service.Answer, error) {
		p, err := pageOf[detail](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		for d, err := range details(r, in.Filter, p.after) {
			if err != nil {
				return service.Answer{}, err
			}
			if !p.add(d.key, d) {
				break
			}
		}
		out := &iam.GetAccountAuthorizationDetailsOutput{
			UserDetailList: []types.UserDetail{}, GroupDetailList: []types.GroupDetail{}, RoleDetailList: []types.RoleDetail{},
			Policies: []types.ManagedPolicyDetail{}, IsTruncated: p.truncated, Marker: p.marker(),
		}
		for _, d := range p.items {
			d.show(out)
		}
		return service.Body(out), nil
	},
}

// A detail is one entity of the answer. Pages run through the four lists one after the other.
type detail struct {
	key  string // the mark of the list, then the name
	show func(*iam.GetAccountAuthorizationDetailsOutput)
}

// A detailList is one of the lists of the answer.
type detailList struct {
	mark  string
	kinds []types.EntityType
	from  func(r identity.Reader, filter []types.EntityType, after string) iter.Seq2[detail, error]
}

// detailLists returns the lists in the order of their marks.
func detailLists() []detailList {
	return []detailList{
		{"1", []types.EntityType{types.EntityTypeUser}, userDetails},
		{"2", []types.EntityType{types.EntityTypeGroup}, groupDetails},
		{"3", []types.EntityType{types.EntityTypeRole}, roleDetails},
		{"4", []types.EntityType{types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy}, policyDetails},
	}
}

// details yields what a filter asks for, all if there is none, after a key.
func details(r identity.Reader, filter []types.EntityType, after string) iter.Seq2[detail, error] {
	return func(yield func(detail, error) bool) {
		for _, list := range detailLists() {
			if list.mark < after[:min(1, len(after))] || !slices.ContainsFunc(list.kinds, func(k types.EntityType) bool { return asked(filter, k) }) {
				continue
			}
			begin := ""
			if rest, here := strings.CutPrefix(after, list.mark); here {
				begin = rest
			}
			for d, err := range list.from(r, filter, begin) {
				d.key = list.mark + d.key
				if !yield(d, err) {
					return
				}
			}
		}
	}
}

func asked(filter []types.EntityType, kind types.EntityType) bool {
	return len(filter) == 0 || slices.Contains(filter, kind)
}

// detailed turns entities into details.
func detailed[E, D any](
	list iter.Seq2[E, error], key func(E) string, of func(E) (D, error), add func(*iam.GetAccountAuthorizationDetailsOutput, D),
) iter.Seq2[detail, error] {
	return func(yield func(detail, error) bool) {
		for e, err := range list {
			var d D
			if err == nil {
				d, err = of(e)
			}
			if !yield(detail{key(e), func(out *iam.GetAccountAuthorizationDetailsOutput) { add(out, d) }}, err) || err != nil {
				return
			}
		}
	}
}

func userDetails(r identity.Reader, _ []types.EntityType, after string) iter.Seq2[detail, error] {
	return detailed(r.Users(after), func(u identity.User) string { return identity.FoldName(u.Name) },
		func(u identity.User) (types.UserDetail, error) { return userDetail(r, u) },
		func(out *iam.GetAccountAuthorizationDetailsOutput, d types.UserDetail) {
			out.UserDetailList = append(out.UserDetailList, d)
		})
}

func groupDetails(r identity.Reader, _ []types.EntityType, after string) iter.Seq2[detail, error] {
	return detailed(r.Groups(after), func(g identity.Group) string { return identity.FoldName(g.Name) },
		func(g identity.Group) (types.GroupDetail, error) { return groupDetail(r, g) },
		func(out *iam.GetAccountAuthorizationDetailsOutput, d types.GroupDetail) {
			out.GroupDetailList = append(out.GroupDetailList, d)
		})
}

func roleDetails(r identity.Reader, _ []types.EntityType, after string) iter.Seq2[detail, error] {
	return detailed(r.Roles(after), func(role identity.Role) string { return identity.FoldName(role.Name) },
		func(role identity.Role) (types.RoleDetail, error) { return roleDetail(r, role) },
		func(out *iam.GetAccountAuthorizationDetailsOutput, d types.RoleDetail) {
			out.RoleDetailList = append(out.RoleDetailList, d)
		})
}

// policyDetails yields all policies of the account, and those of AWS that are in use in it: attached, or as a boundary only.
func policyDetails(r identity.Reader, filter []types.EntityType, after string) iter.Seq2[detail, error] {
	scope := types.PolicyScopeTypeAll
	switch {
	case !asked(filter, types.EntityTypeAWSManagedPolicy):
		scope = types.PolicyScopeTypeLocal
	case !asked(filter, types.EntityTypeLocalManagedPolicy):
		scope = types.PolicyScopeTypeAws
	}
	inUse := func(yield func(identity.ManagedPolicy, error) bool) {
		for p, err := range policiesIn(r, scope, after) {
			if err == nil && p.AWSManaged() {
				var usage identity.Usage
				if usage, err = r.PolicyUsage(p.ARN); err == nil && usage == (identity.Usage{}) {
					continue
				}
			}
			if !yield(p, err) {
				return
			}
		}
	}
	return detailed(inUse, policyKey,
		func(p identity.ManagedPolicy) (types.ManagedPolicyDetail, error) { return policyDetail(r, p) },
		func(out *iam.GetAccountAuthorizationDetailsOutput, d types.ManagedPolicyDetail) {
			out.Policies = append(out.Policies, d)
		})
}

func byVersion(a, b identity.PolicyVersion) int { return cmp.Compare(newestFirst(a), newestFirst(b)) }
