package metadata

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// A member is one of a document. A nil value is null.
type member struct {
	name  string
	value any
}

// write spells a document as the service does: a member a line, with spaces around the colon.
func write(members ...member) string {
	var b strings.Builder
	b.WriteString("{")
	for n, m := range members {
		if n > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  " + spelled(m.name) + " : " + spelled(m.value))
	}
	b.WriteString("\n}")
	return b.String()
}

func spelled(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "null" // texts and nil are all there are
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// document is the instance identity document ("Instance identity documents").
func (i *Instance) document() string {
	return write(
		member{"accountId", i.Account}, member{"architecture", i.Architecture}, member{"availabilityZone", i.Zone},
		member{"billingProducts", nil}, member{"devpayProductCodes", nil}, member{"marketplaceProductCodes", nil},
		member{"imageId", i.Image}, member{"instanceId", i.ID}, member{"instanceType", i.Type}, member{"kernelId", nil},
		member{"pendingTime", stamp(i.Launched)}, member{"privateIp", i.Network.Address}, member{"ramdiskId", nil},
		member{"region", i.Region}, member{"version", "2017-09-30"},
	)
}

// info says which profile the instance has (IAM User Guide, "Troubleshoot IAM and Amazon EC2").
func (p *Profile) info() string {
	if p.Gone {
		return write(
			member{"Code", "InstanceProfileNotFound"},
			member{"Message", "Instance Profile with id " + p.ID + " cannot be found. Please see documentation at " + troubleshooting},
			member{"LastUpdated", stamp(p.Since)},
		)
	}
	return write(
		member{"Code", "Success"}, member{"LastUpdated", stamp(p.Since)}, member{"InstanceProfileArn", p.ARN}, member{"InstanceProfileId", p.ID},
	)
}

const troubleshooting = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc."

func (c *Credentials) document() string {
	return write(
		member{"Code", "Success"}, member{"LastUpdated", stamp(c.Issued)}, member{"Type", "AWS-HMAC"}, member{"AccessKeyId", c.AccessKeyID},
		member{"SecretAccessKey", c.SecretAccessKey}, member{"Token", c.Token}, member{"Expiration", stamp(c.Expires)},
	)
}

// notTrusted stands where the credentials would be of a role that EC2 may not assume.
func notTrusted(role string, now time.Time) string {
	return write(
		member{"Code", "AssumeRoleUnauthorizedAccess"},
		member{"Message", "EC2 cannot assume the role " + role + ".  Please see documentation at " + troubleshooting},
		member{"LastUpdated", stamp(now)},
	)
}
