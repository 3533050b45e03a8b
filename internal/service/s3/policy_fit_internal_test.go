package s3

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/policy"
)

// TestWhatIsAskedCanBeSaid: whatever a policy of a bucket is asked about, with whatever key, a policy may speak of.
func TestWhatIsAskedCanBeSaid(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			if row.Service != "s3" || q.Policy != operation.BucketPolicy {
				continue
			}
			resource := "arn:aws:s3:::bucket"
			if strings.Contains(q.Resource, "/") {
				resource += "/*"
			}
			st := policy.Statement{Actions: []string{q.Action}, Resources: []string{resource}}
			for _, k := range q.Keys {
				st.Conditions = append(st.Conditions, policy.Condition{Key: strings.Replace(k.Name, "${TagKey}", "team", 1)})
			}
			if err := fits(st); err != nil {
				t.Errorf("%s: %s on %s: %v", row.Name, q.Action, resource, err)
			}
		}
	}
}
