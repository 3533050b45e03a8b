package policy_test

import (
	"encoding/json"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/policy"
)

// A world is a random scene whose statements can still be moved and removed.
// Its words are few, so that statements meet requests often.
type world struct {
	scene  scene
	layers map[layerName][]statements // a policy each; a name that is missing is a nil Layer
	scps   [][]statements
	rcps   [][]statements
}

type layerName string

type statements []statement

// A statement is one element map, ready for JSON.
type statement map[string]any

// layerNames are in the order in which random draws are made.
var layerNames = [...]layerName{"identity", "boundary", "session", "endpoint", "resource"}

var (
	someActions = []string{
		"s3:GetObject", "s3:PutObject", "dynamodb:Scan", "iam:CreateRole", "sts:AssumeRole", "sts:GetCallerIdentity", "kms:Decrypt",
	}
	someActionPatterns = []string{
		"*", "*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "dynamodb:Scan", "dynamodb:*", "iam:*Role", "sts:*", "kms:Decrypt",
		"*:*", "s3:PutObject", "s3*", "iam:Create?ole",
	}
	someResources = []string{
		"*", someObject, "arn:aws:s3:::b", "arn:aws:s3:::b/home/ana/x", "arn:aws:s3:::bb/k",
		"arn:aws:dynamodb:eu-central-1:" + home + ":table/T", "arn:aws:iam::" + home + ":role/app",
	}
	someResourcePatterns = []string{
		"*", "*", "*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::*/k", "arn:aws:s3:::?/k", "arn:aws:s3",
		"arn:aws:s3:::b/home/${aws:username}/*", "arn:aws:s3:::b/${aws:username, 'k'}", "arn:aws:s3:::${aws:PrincipalTag/team}/*",
		"arn:aws:dynamodb:*:" + home + ":table/*", "arn:aws:iam::*:role/a*", "arn:aws:*", "arn:aws:s3:::b/${*}", someObject,
	}
	someConditions = []statement{
		{"StringEquals": map[string]any{"aws:username": []string{"ana", "bob"}}},
		{"StringNotEquals": map[string]any{"aws:RequestedRegion": "eu-central-1"}},
		{"StringLikeIfExists": map[string]any{"aws:PrincipalTag/team": "b*"}},
		{"Bool": map[string]any{"aws:SecureTransport": "true"}},
		{"IpAddress": map[string]any{"aws:SourceIp": []string{"10.0.0.0/8", "2001:db8::/32"}}},
		{"NumericLessThan": map[string]any{"aws:MultiFactorAuthAge": "3600"}},
		{"ForAllValues:StringEquals": map[string]any{"aws:TagKeys": []string{"a", "b"}}},
		{"ForAnyValue:StringNotEquals": map[string]any{"aws:TagKeys": []string{"a"}}},
		{"ArnLike": map[string]any{"aws:PrincipalArn": "arn:aws:iam::*:user/*"}},
		{"Null": map[string]any{"aws:TokenIssueTime": "true"}},
		{"DateGreaterThan": map[string]any{"aws:CurrentTime": "2026-01-01"}, "StringEquals": map[string]any{"aws:username": "${aws:PrincipalTag/team}"}},
	}
	somePrincipals = []any{
		"*", map[string]any{"AWS": "*"}, map[string]any{"AWS": home}, map[string]any{"AWS": "arn:aws:iam::" + away + ":root"},
		map[string]any{"AWS": []string{ana().ARN, worker().RoleARN}}, map[string]any{"AWS": []string{worker().ARN, guest().ARN}},
		map[string]any{"AWS": []string{ana().ID, worker().ID}}, map[string]any{"AWS": outsider().ARN},
		map[string]any{"Service": "lambda.amazonaws.com", "Federated": "accounts.google.com"},
		map[string]any{"AWS": []string{ana().ARN, home, worker().ARN, worker().RoleARN}},
	}
	someValues = map[string][]any{
		"aws:username":           {"ana", "carl"},
		"aws:RequestedRegion":    {"eu-central-1", "us-east-1"},
		"aws:PrincipalTag/team":  {"blue", "red", "b", "ana", "*"},
		"aws:SecureTransport":    {"true", "false"},
		"aws:SourceIp":           {"10.1.2.3", "192.0.2.1", "2001:db8::1"},
		"aws:MultiFactorAuthAge": {"60", "7200", "old"},
		"aws:TagKeys":            {[]string{"a"}, []string{"a", "c"}, []string{}, []string{""}},
		"aws:PrincipalArn":       {ana().ARN, worker().RoleARN},
		"aws:TokenIssueTime":     {"2026-05-01T00:00:00Z"},
		"aws:CurrentTime":        {"2026-05-01T00:00:00Z", "1"},
	}
)

func someCallers() []*policy.Principal {
	manager, linked := ana(), worker()
	manager.ManagementAccount, linked.ServiceLinked = true, true
	return []*policy.Principal{
		ana(), ana(), ana(), worker(), worker(), worker(), guest(), guest(), rootUser(), outsider(),
		lambdaService(), googleSubject(), anonymous(), manager, linked,
	}
}

// worlds draws worlds; big ones have layers with up to forty statements.
func worlds(big bool) *rapid.Generator[*world] {
	return rapid.Custom(func(t *rapid.T) *world {
		w := &world{scene: drawScene(t), layers: map[layerName][]statements{}}
		for _, name := range layerNames {
			chance := 4 // in 10
			if name == "identity" {
				chance = 9
			}
			if rapid.IntRange(1, 10).Draw(t, "has "+string(name)) <= chance {
				w.layers[name] = drawPolicies(t, name == "resource" || name == "endpoint", big && name != "endpoint")
			}
		}
		for range rapid.IntRange(-3, 2).Draw(t, "levels of SCPs") {
			w.scps = append(w.scps, drawPolicies(t, false, false))
		}
		for range rapid.IntRange(-3, 1).Draw(t, "levels of RCPs") {
			w.rcps = append(w.rcps, drawPolicies(t, true, false))
		}
		return w
	})
}

func drawScene(t *rapid.T) scene {
	sc := scene{
		who:      rapid.SampledFrom(someCallers()).Draw(t, "caller"),
		owner:    rapid.SampledFrom([]string{home, home, home, away}).Draw(t, "owner"),
		keys:     map[string]any{},
		kind:     rapid.SampledFrom([]policy.ResourceKind{policy.OrdinaryResource, policy.OrdinaryResource, policy.RoleTrust, policy.KMSKey}).Draw(t, "kind"),
		action:   rapid.SampledFrom(someActions).Draw(t, "action"),
		resource: rapid.SampledFrom(someResources).Draw(t, "resource"),
	}
	for _, key := range slices.Sorted(maps.Keys(someValues)) {
		if rapid.IntRange(0, 2).Draw(t, key) > 0 {
			sc.keys[key] = rapid.SampledFrom(someValues[key]).Draw(t, key)
		}
	}
	return sc
}

func drawPolicies(t *rapid.T, named, big bool) []statements {
	most := 2
	if big {
		most = 8
	}
	out := make([]statements, rapid.IntRange(0, most).Draw(t, "policies"))
	for i := range out {
		out[i] = make(statements, rapid.IntRange(1, max(3, most*2/3)).Draw(t, "statements"))
		for j := range out[i] {
			out[i][j] = drawStatement(t, named)
		}
	}
	return out
}

func drawStatement(t *rapid.T, named bool) statement {
	effect := rapid.SampledFrom([]string{"Allow", "Allow", "Allow", "Allow", "Deny"}).Draw(t, "effect")
	st := statement{"Effect": effect}
	not := func(name string) string {
		if rapid.IntRange(0, 7).Draw(t, "not") == 0 {
			return "Not" + name
		}
		return name
	}
	some := func(label string, from []string) []string {
		return rapid.SliceOfN(rapid.SampledFrom(from), 1, 3).Draw(t, label)
	}
	st[not("Action")] = some("actions", someActionPatterns)
	if !named || rapid.IntRange(0, 4).Draw(t, "resource") > 0 {
		st[not("Resource")] = some("resources", someResourcePatterns)
	}
	if named {
		st[not("Principal")] = rapid.SampledFrom(somePrincipals).Draw(t, "principal")
	}
	if effect == "Deny" || rapid.Bool().Draw(t, "conditional") {
		st["Condition"] = rapid.SampledFrom(someConditions).Draw(t, "condition")
	}
	return st
}

// text spells a policy; nothing is written for one without statements.
func (list statements) text(tb tester) string {
	tb.Helper()
	b, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": list})
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// compile makes what the engine judges of the world as it is now.
func (w *world) compile(tb tester) (*policy.Set, *policy.Request) {
	tb.Helper()
	sc := w.scene
	texts := func(policies []statements, there bool) []string {
		if !there {
			return nil
		}
		out := []string{}
		for _, p := range policies {
			if len(p) > 0 {
				out = append(out, p.text(tb))
			}
		}
		return out
	}
	for name, into := range map[layerName]*[]string{
		"identity": &sc.identity, "boundary": &sc.boundary, "session": &sc.session, "endpoint": &sc.endpoint, "resource": &sc.onto,
	} {
		policies, there := w.layers[name]
		*into = texts(policies, there)
	}
	sc.scps, sc.rcps = nil, nil
	for _, level := range w.scps {
		sc.scps = append(sc.scps, texts(level, true))
	}
	for _, level := range w.rcps {
		sc.rcps = append(sc.rcps, texts(level, true))
	}
	return sc.compile(tb)
}

// decide judges the world as it is now, both ways.
func (w *world) decide(tb tester) policy.Outcome {
	tb.Helper()
	s, r := w.compile(tb)
	return judged(tb, s, r).Outcome
}

// lists are all policies of the world, for changing them in place.
func (w *world) lists() []*statements {
	var out []*statements
	add := func(policies []statements) {
		for i := range policies {
			out = append(out, &policies[i])
		}
	}
	for _, name := range layerNames {
		add(w.layers[name])
	}
	for _, level := range slices.Concat(w.scps, w.rcps) {
		for i := range level {
			out = append(out, &level[i])
		}
	}
	return out
}
