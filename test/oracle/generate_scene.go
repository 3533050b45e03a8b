package oracle

// A scene is what a random case is about: who asks for what.
type scene struct {
	caller   Principal
	action   string
	resource string
	owner    string // of the resource
	kind     string // of the resource's policy
	cross    bool
	context  map[string]Values
	keys     []string // of context, in a fixed order
}

const (
	accountA = "111122223333"
	accountB = "999988887777"
)

// A target is a service with its actions and the resources they may be asked on;
// ACCOUNT stands for the owner.
type target struct {
	kind      string
	actions   []string
	resources []string
}

func targets() []target {
	return []target{
		{Generic, []string{"s3:GetObject", "s3:PutObject"}, []string{
			"arn:aws:s3:::data/home/ana/x.txt", "arn:aws:s3:::data/Reports/2026.csv", "arn:aws:s3:::data/blue/größe",
			"arn:aws:s3:::data/st*r", "arn:aws:s3:::data/what?", "arn:aws:s3:::data/$5",
		}},
		{Generic, []string{"s3:ListBucket"}, []string{"arn:aws:s3:::data"}},
		{Generic, []string{"dynamodb:Scan", "dynamodb:GetItem"}, []string{
			"arn:aws:dynamodb:eu-west-1:ACCOUNT:table/users", "arn:aws:dynamodb:eu-west-1:ACCOUNT:table/users/index/by-name",
		}},
		{Generic, []string{"logs:PutLogEvents"}, []string{"arn:aws:logs:eu-west-1:ACCOUNT:log-group:/app:log-stream:s1"}},
		{Generic, []string{"sqs:SendMessage"}, []string{"arn:aws:sqs:eu-west-1:ACCOUNT:jobs"}},
		{Generic, []string{"secretsmanager:GetSecretValue"}, []string{"arn:aws:secretsmanager:eu-west-1:ACCOUNT:secret:db-AbC123"}},
		{Generic, []string{"ec2:TerminateInstances"}, []string{"arn:aws:ec2:eu-west-1:ACCOUNT:instance/i-1"}},
		{Generic, []string{"ec2:DescribeInstances", "iam:ListUsers", "s3:ListAllMyBuckets"}, []string{"*"}},
		{Generic, []string{"iam:PassRole"}, []string{"arn:aws:iam::ACCOUNT:role/deploy"}},
		{Generic, []string{"iam:CreateUser", "iam:GetUser"}, []string{"arn:aws:iam::ACCOUNT:user/ana", "arn:aws:iam::ACCOUNT:user/team/blue"}},
		{KMS, []string{"kms:Decrypt", "kms:Encrypt"}, []string{"arn:aws:kms:eu-west-1:ACCOUNT:key/1a2b"}},
		{Trust, []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}, []string{
			"arn:aws:iam::ACCOUNT:role/deploy", "arn:aws:iam::ACCOUNT:role/app/Deploy",
		}},
	}
}

func (g *Generator) scene() scene {
	s := scene{caller: g.caller(), owner: accountA}
	hasAccount := s.caller.Account != ""
	if s.cross = hasAccount && g.chance(22); s.cross {
		s.owner = accountB
	}
	t := pick(g, g.targets)
	if g.chance(12) {
		t = g.targets[len(g.targets)-1-g.random.IntN(2)] // roles and keys have rules of their own
	}
	s.kind, s.action, s.resource = t.kind, pick(g, t.actions), owned(pick(g, t.resources), s.owner)
	if g.chance(1) {
		s.kind, s.action, s.resource = Generic, pick(g, []string{"sts:GetCallerIdentity", "sts:GetSessionToken"}), "*"
	}
	s.context = map[string]Values{}
	g.addCallerKeys(&s)
	g.addRequestKeys(&s)
	return s
}

// set adds a key to the request context.
func (s *scene) set(key string, values Values) {
	if _, has := s.context[key]; !has {
		s.keys = append(s.keys, key)
	}
	s.context[key] = values
}

// caller makes one of a few callers of account A, or a caller without account.
func (g *Generator) caller() Principal {
	p := Principal{Account: accountA, Tags: g.tags()}
	switch n := g.random.IntN(100); {
	case n < 38:
		p.Type, p.Name, p.UserID = User, "ana", "AIDAANAANAANAANAANA"
		p.ARN = pick(g, []Nullable{"arn:aws:iam::" + accountA + ":user/ana", "arn:aws:iam::" + accountA + ":user/team/ana"})
		p.ManagementAccount = g.chance(5)
	case n < 66:
		p.Type, p.RoleID, p.SessionName = RoleSession, "AROAWEBWEBWEBWEBWEB", "s1"
		p.ARN = "arn:aws:sts::" + accountA + ":assumed-role/Web/s1"
		p.RoleARN = "arn:aws:iam::" + accountA + ":role/app/Web"
		if g.chance(5) {
			p.ServiceLinked = true
			p.ARN = "arn:aws:sts::" + accountA + ":assumed-role/AWSServiceRoleForX/s1"
			p.RoleARN = "arn:aws:iam::" + accountA + ":role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
		} else {
			p.ManagementAccount = g.chance(4)
		}
	case n < 80:
		p.Type, p.Name = Federated, "guest"
		p.ARN = "arn:aws:sts::" + accountA + ":federated-user/guest"
		p.UserARN = "arn:aws:iam::" + accountA + ":user/ana"
	case n < 87:
		p.Type, p.ARN = Root, "arn:aws:iam::"+accountA+":root"
		p.ManagementAccount = g.chance(10)
	case n < 93:
		p = Principal{Type: Anonymous, Tags: map[string]string{}}
	default:
		p = Principal{Type: Service, Service: "sns.amazonaws.com", Tags: map[string]string{}}
	}
	return p
}

// tags makes principal tags whose values a careless substitution would read as
// wildcards.
func (g *Generator) tags() map[string]string {
	tags := map[string]string{}
	if g.chance(60) {
		tags[pick(g, []string{"team", "Team"})] = pick(g, []string{"blue", "Blue", "ana", "*", "b?ue", "re*", "", "$", "größe"})
	}
	return tags
}

// addCallerKeys adds the keys that follow from the caller ("AWS global condition
// context keys", properties of the principal).
func (g *Generator) addCallerKeys(s *scene) {
	p := s.caller
	switch p.Type {
	case Anonymous:
		s.set("aws:userid", Single("anonymous"))
		s.set("aws:PrincipalType", Single("Anonymous"))
		s.set("aws:PrincipalAccount", Single("anonymous"))
		return
	case Service:
		s.set("aws:PrincipalIsAWSService", Single("true"))
		s.set("aws:PrincipalServiceName", Single(p.Service))
		s.set("aws:PrincipalServiceNamesList", List(p.Service, "eu-west-1."+p.Service))
		s.set("aws:SourceAccount", Single(pick(g, []string{accountA, accountB})))
		return
	case User:
		s.set("aws:username", Single(p.Name))
		s.set("aws:userid", Single(p.UserID))
		s.set("aws:PrincipalType", Single("User"))
		s.set("aws:PrincipalArn", Single(string(p.ARN)))
	case RoleSession:
		s.set("aws:userid", Single(p.RoleID+":"+p.SessionName))
		s.set("aws:PrincipalType", Single("AssumedRole"))
		s.set("aws:PrincipalArn", Single(p.RoleARN))
	case Federated:
		s.set("aws:userid", Single(accountA+":"+p.Name))
		s.set("aws:PrincipalType", Single("FederatedUser"))
		s.set("aws:PrincipalArn", Single(string(p.ARN)))
	case Root:
		s.set("aws:userid", Single(accountA))
		s.set("aws:PrincipalType", Single("Account"))
		s.set("aws:PrincipalArn", Single(string(p.ARN)))
	}
	s.set("aws:PrincipalAccount", Single(accountA))
	s.set("aws:PrincipalIsAWSService", Single("false"))
	for _, key := range []string{"team", "Team"} {
		if value, has := p.Tags[key]; has {
			s.set("aws:PrincipalTag/"+key, Single(value))
		}
	}
	if p.Type == RoleSession || p.Type == Federated {
		s.set("aws:TokenIssueTime", Single(pick(g, g.vocabularyOf("Date").request)))
		s.set("aws:MultiFactorAuthPresent", Single(pick(g, []string{"true", "false"})))
	}
}

// addRequestKeys adds keys of every type that the caller does not settle. Each
// key may be missing, and some hold values that no operator of their type reads.
func (g *Generator) addRequestKeys(s *scene) {
	for _, v := range g.vocabularies {
		for _, key := range v.keys {
			if g.chance(40) {
				continue
			}
			switch {
			case v.multivalued && g.chance(85), g.chance(6):
				s.set(key, g.list(v.request))
			default:
				s.set(key, Single(pick(g, v.request)))
			}
		}
	}
}

// list makes the values of a multivalued key, with repetitions, sometimes none.
func (g *Generator) list(from []string) Values {
	values := List()
	for range g.random.IntN(4) {
		values.Strings = append(values.Strings, pick(g, from))
	}
	if g.chance(5) {
		values = List("", "")
	}
	return values
}
