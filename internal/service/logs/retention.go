package logs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// retentions are the numbers of days for which events can be kept (API reference, PutRetentionPolicy).
var retentions = []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

type putRetentionPolicyInput struct {
	LogGroupName    *string `wire:"logGroupName"`
	RetentionInDays *int32  `wire:"retentionInDays"`
}

var putRetentionPolicy = service.Writing[putRetentionPolicyInput, struct{}]{
	Check: func(in *putRetentionPolicyInput) error {
		var c constraints
		c.group("logGroupName", in.LogGroupName, true)
		c.Present("retentionInDays", in.RetentionInDays != nil)
		if in.RetentionInDays != nil && !slices.Contains(retentions, *in.RetentionInDays) {
			var set []string
			for _, days := range retentions {
				set = append(set, strconv.Itoa(int(days)))
			}
			c.Fails("retentionInDays", strconv.Itoa(int(*in.RetentionInDays)), "Member must satisfy enum value set: ["+strings.Join(set, ", ")+"]")
		}
		return c.err()
	},
	Act: func(c *service.Call, in *putRetentionPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retain(c, tx, *in.LogGroupName, *in.RetentionInDays)
	},
}

var deleteRetentionPolicy = service.Writing[logGroupInput, struct{}]{
	Check: (*logGroupInput).check,
	Act: func(c *service.Call, in *logGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retain(c, tx, *in.LogGroupName, 0)
	},
}

// retain changes for how many days the events of a group are kept.
func retain(c *service.Call, tx identity.Tx, name string, days int32) (service.Answer, error) {
	g, p, err := mustFind(c, tx.Reader, name)
	if err != nil {
		return service.Answer{}, err
	}
	g.Retention = days
	return service.Answer{}, writeGroup(tx, p.region, g)
}
