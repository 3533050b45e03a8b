package identity

import "iter"

// AWSPolicies yields the AWS managed policies, in the order in which the registry was told of them.
func (r Reader) AWSPolicies() iter.Seq2[ManagedPolicy, error] {
	return func(yield func(ManagedPolicy, error) bool) {
		for _, arn := range r.registry.arns() {
			if p, err := r.Policy(arn); !yield(p, err) || err != nil {
				return
			}
		}
	}
}
