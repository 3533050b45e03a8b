package policy

import (
	"strings"

	"github.com/ambit-iam/ambit/arn"
)

// partitions are those that AWS accepts in a resource; the table is never
// changed.
var partitions = [...]string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc", "*"}

// iamResourcePaths are the first parts of the names of IAM resources, in the
// order in which IAM's message lists them.
var iamResourcePaths = [...]string{
	"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
	"sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
}

// regionalS3 are the first parts of the names of the S3 resources that belong
// to a region; buckets and objects do not (Service Authorization Reference,
// "Amazon S3"). The table is never changed.
var regionalS3 = [...]string{"accesspoint/", "access-grants/", "job/", "storage-lens/", "storage-lens-group/", "async-request/"}

// resource checks an entry of Resource or NotResource: "*" or an ARN pattern. Of what has colons IAM takes the first part for "arn",
// whatever it is (localstack/localstack, test_iam_policies.snapshot.json).
func (v *validator) resource(w written) {
	text, at := w.in(v.doc.text), int(w.at)
	if text == "*" {
		return
	}
	head, rest, ok := strings.Cut(text, ":")
	field, n := fields(rest)
	switch {
	case !ok, head != "arn" && isPartition(field[0]):
		v.refuse(at, "Resource "+text+` must be in ARN format or "*".`, "")
	case !isPartition(field[0]):
		for ; n < len(field); n++ {
			field[n] = "*"
		}
		v.refuse(at, `Partition "`+field[0]+`" is not valid for resource "arn:`+strings.Join(field[:], ":")+`".`, "")
	case n < 2 || strings.ContainsAny(field[1], "*?"):
		v.refuse(at, "Resource vendor must be fully qualified and cannot contain regexes.", "")
	case field[1] == "" || n < len(field) && strings.Contains(text, "::"):
		v.refuse(at, "The policy failed legacy parsing", "an ARN has six parts")
	case n > 2:
		v.serviceResource(text, at, field, n == len(field))
	}
}

// fields splits what follows "arn:" at its first four colons and counts the
// fields that are there.
func fields(s string) (field [arnFields - 1]string, n int) {
	for more := true; more && n < len(field)-1; n++ {
		field[n], s, more = strings.Cut(s, ":")
		if !more {
			return field, n + 1
		}
	}
	field[n] = s
	return field, n + 1
}

func isPartition(s string) bool {
	for _, p := range partitions {
		if p == s {
			return true
		}
	}
	return false
}

// serviceResource checks what IAM knows of its own resources and of S3's.
func (v *validator) serviceResource(text string, at int, field [arnFields - 1]string, complete bool) {
	service, resource := field[1], field[4]
	if !complete {
		resource = "*"
	}
	if field[2] != "" && service == "s3" && !isRegionalS3(resource) {
		v.refuse(at, "Resource "+text+" can not contain region information.", "")
		return
	}
	if service != "iam" {
		return
	}
	if field[2] != "" {
		v.refuse(at, "IAM resource "+text+" cannot contain region information.", "")
		return
	}
	if !isIAMResource(resource) {
		v.refuse(at, `IAM resource path must either be "*", root, or start with `+strings.Join(iamResourcePaths[:], ", ")+".", "")
	}
}

func isRegionalS3(s string) bool {
	for _, prefix := range regionalS3 {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}

func isIAMResource(s string) bool {
	if strings.HasPrefix(s, "*") || s == "root" || strings.HasPrefix(s, "${") {
		return true
	}
	head := s
	if i := strings.IndexAny(s, "*?$"); i >= 0 {
		head = s[:i]
	}
	for _, prefix := range iamResourcePaths {
		// A wildcard may stand before the slash: "role*" covers "role/x".
		if strings.HasPrefix(s, prefix) || len(head) < len(s) && strings.HasPrefix(prefix, head) {
			return true
		}
	}
	return false
}

// isResource reports that no grammar refuses a resource of this shape. Where it
// is in doubt it says no.
func (s *shape) isResource(text string) bool {
	if text == "*" {
		return true
	}
	if s.colons < len(s.colon) || !strings.HasPrefix(text, "arn:") || !isPartition(text[s.colon[0]+1:s.colon[1]]) {
		return false
	}
	service := text[s.colon[1]+1 : s.colon[2]]
	inRegion := s.colon[2]+1 < s.colon[3]
	switch {
	case service == "" || s.wild >= 0 && s.wild < s.colon[2]:
		return false
	case service == "iam":
		return !inRegion && isIAMResource(text[s.colon[4]+1:])
	}
	return service != "s3" || !inRegion
}

// principal checks an entry of Principal or NotPrincipal by its form. Whether
// the principal exists is for the service to find out.
func (v *validator) principal(n *principalName) {
	ok := true
	switch n.kind {
	case namesARN:
		ok = isPrincipalARN(n.text)
	case namesAccount:
		ok = arn.IsAccountID(n.text)
	case namesID:
		ok = isUniqueID(n.text)
	case namesService:
		ok = n.text == "*" || isVendor(n.text) && strings.Contains(n.text, ".")
	case namesFederated:
		a, err := arn.Parse(n.text)
		isProvider := err == nil && a.Service == "iam" && (a.Kind() == "saml-provider" || a.Kind() == "oidc-provider")
		ok = (isProvider || isVendor(n.text) && strings.Contains(n.text, ".")) && !strings.ContainsAny(n.text, "*?")
	case namesCanonicalUser:
		ok = len(n.text) == 64 && isAlphanumeric(n.text)
	}
	if !ok {
		v.refuse(int(n.pos), `Invalid principal in policy: "`+n.element()+`":"`+n.spelling()+`"`, "")
	}
}

// isPrincipalARN: users, roles, and sessions of STS; no groups, no wildcards.
func isPrincipalARN(s string) bool {
	a, err := arn.Parse(s)
	if err != nil || a.Region != "" || !arn.IsAccountID(a.Account) || !isPartition(a.Partition) || strings.ContainsAny(s, "*?") {
		return false
	}
	kind, name, ok := strings.Cut(a.Resource, "/")
	if !ok || name == "" || strings.HasSuffix(name, "/") {
		return false
	}
	switch a.Service {
	case "iam":
		return kind == "user" || kind == "role"
	case "sts":
		return kind == "federated-user" || kind == "assumed-role" && strings.Count(name, "/") == 1
	}
	return false
}

// isUniqueID: the stored form of a user or role, AIDA… or AROA…, or of a role's
// session, AROA…:session.
func isUniqueID(s string) bool {
	id, session, ok := strings.Cut(s, ":")
	if ok && (!strings.HasPrefix(id, "AROA") || !isSessionName(session)) {
		return false
	}
	s = id
	return len(s) >= 16 && len(s) <= 128 && (strings.HasPrefix(s, "AIDA") || strings.HasPrefix(s, "AROA")) && isAlphanumeric(s)
}

// isSessionName: letters, digits and _+=,.@- (AssumeRole, RoleSessionName).
func isSessionName(s string) bool {
	for i := range len(s) {
		if !isLetterOrDigit(s[i]) && strings.IndexByte("_+=,.@-", s[i]) < 0 {
			return false
		}
	}
	return s != "" && len(s) <= 64
}
