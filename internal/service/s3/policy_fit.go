package s3

import (
	"path"
	"strings"

	"github.com/ambit-iam/ambit/catalog"
	"github.com/ambit-iam/ambit/policy"
)

// fits decides whether the parts of a statement about a bucket go together, as S3 demands of every policy that it stores: each action
// exists and works on one of the resources at least, and each condition is on a key that there is and that one of the actions carries. A
// Deny that is misspelt would protect nothing.
func fits(st policy.Statement) error {
	if len(st.NotActions) > 0 {
		return carried(st.Conditions, actionsLike("*"))
	}
	var apply []catalog.Action
	for _, pattern := range st.Actions {
		known, before := actionsLike(pattern), len(apply)
		if len(known) == 0 {
			return malformedPolicy("Policy has invalid action")
		}
		for _, a := range known {
			if len(st.NotResources) > 0 || worksOn(a, st.Resources) {
				apply = append(apply, a)
			}
		}
		if len(apply) == before {
			return malformedPolicy("Action does not apply to any resource(s) in statement")
		}
	}
	return carried(st.Conditions, apply)
}

// actionsLike are the actions of S3 that a name stands for, which may have wildcards.
func actionsLike(pattern string) (like []catalog.Action) {
	s, ok := catalog.FindService("s3")
	if !ok {
		return nil
	}
	_, name, qualified := strings.Cut(strings.ToLower(pattern), ":")
	if !qualified {
		return s.Actions() // *
	}
	if !strings.ContainsAny(name, "*?") {
		if a, ok := s.Action(name); ok {
			like = append(like, a)
		}
		return like
	}
	for _, a := range s.Actions() {
		if matched, err := path.Match(name, strings.ToLower(a.Name)); err == nil && matched {
			like = append(like, a)
		}
	}
	return like
}

// worksOn tells whether an action works on one of the resources, which are those of one bucket: the bucket itself has no slash, and its
// objects have one, or a star in its place.
func worksOn(a catalog.Action, resources []string) bool {
	for _, r := range a.Resources {
		for _, resource := range resources {
			object := strings.Contains(resource, "/")
			switch r.Type.Name {
			case "bucket":
				if !object {
					return true
				}
			case "object":
				if object || strings.Contains(resource, "*") {
					return true
				}
			}
		}
	}
	return false
}

// carried refuses a condition on a key that does not exist, and one on a key of S3 that none of the actions carries.
func carried(conditions []policy.Condition, actions []catalog.Action) error {
	for _, c := range conditions {
		prefix, _, _ := strings.Cut(strings.ToLower(c.Key), ":")
		if prefix != "s3" && prefix != "aws" {
			continue // of who has signed in elsewhere
		}
		if _, known := catalog.FindKey(c.Key); !known {
			return malformedPolicy("Policy has an invalid condition key")
		}
		if prefix == "s3" && !anyCarries(actions, c.Key) {
			return malformedPolicy("Conditions do not apply to combination of actions and resources in statement")
		}
	}
	return nil
}

// contentHash is a key that every request to S3 carries, which the Service Authorization Reference forgets with some actions.
const contentHash = "s3:x-amz-content-sha256"

func anyCarries(actions []catalog.Action, key string) bool {
	if strings.EqualFold(key, contentHash) {
		return true
	}
	for _, a := range actions {
		if a.HasKey(key) {
			return true
		}
	}
	return false
}
