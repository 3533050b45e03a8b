package policy

import (
	"encoding/json"
	"strings"
)

// Grammar is a type of policy document as far as its text is concerned.
// Permissions boundaries and session policies have the grammar of
// identity-based policies.
type Grammar uint8

// The grammars of the IAM User Guide and of the Organizations User Guide. The
// zero Grammar accepts nothing.
const (
	noGrammar       Grammar = iota
	GrammarIdentity         // identity-based policies, boundaries, session policies
	GrammarTrust            // role trust policies
	GrammarResource         // other resource-based policies
	GrammarSCP              // service control policies
	GrammarRCP              // resource control policies
)

// ParseGrammar finds a grammar by its name: identity, trust, resource, scp or
// rcp.
func ParseGrammar(name string) (g Grammar, ok bool) {
	for g := range grammarRules {
		if g != int(noGrammar) && grammarRules[g].name == name {
			return Grammar(g), true
		}
	}
	return noGrammar, false
}

func (g Grammar) String() string { return grammarRules[g].name }

// Check parses text and validates it against the grammar: what AWS does when
// a policy is created. A failure is an *[Error].
func Check(text string, g Grammar) (*Document, error) {
	d, err := parse(text)
	if err == nil && !d.ascii && g != GrammarResource {
		if at := ForbiddenCharacter(text); at >= 0 {
			err = malformed(text, &syntaxError{offset: at, detail: "allowed are tab, line feed, carriage return and U+0020 to U+00FF"})
		}
	}
	if err != nil {
		if g == GrammarTrust && !json.Valid([]byte(text)) {
			err.Message = "This policy contains invalid Json"
		}
		return nil, err
	}
	if err := d.Validate(g); err != nil {
		return nil, err
	}
	return d, nil
}

// ForbiddenCharacter returns the offset of the first character that the policy
// document parameters of IAM and STS do not take, or -1: they take tab, line
// feed, carriage return and U+0020 to U+00FF (IAM API Reference, CreatePolicy).
// The services refuse such a parameter before they read it as a policy.
func ForbiddenCharacter(text string) int {
	for i, r := range text {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r > 0xFF {
			return i
		}
	}
	return -1
}

// rules are what the grammars ask beyond the common grammar of [Parse].
type rules struct {
	name         string
	version2012  bool     // Version must be 2012-10-17
	noID         bool     // no Id element
	plainSid     bool     // Sid is alphanumeric
	prohibited   elements // elements that must not occur …
	required     elements // … and of which one must
	denyOnly     bool
	everyoneOnly bool // Principal must be "*"
	stsOnly      bool // actions must be of sts
	notPrincipal bool // NotPrincipal goes with Deny only
}

var grammarRules = [...]rules{
	noGrammar:       {name: "none"},
	GrammarIdentity: {name: "identity", plainSid: true, prohibited: hasPrincipal | hasNotPrincipal, required: hasResource | hasNotResource},
	GrammarTrust:    {name: "trust", plainSid: true, prohibited: hasResource | hasNotResource | hasNotPrincipal, required: hasPrincipal, stsOnly: true},
	GrammarResource: {name: "resource", required: hasPrincipal | hasNotPrincipal | hasResource | hasNotResource, notPrincipal: true},
	GrammarSCP:      {name: "scp", version2012: true, noID: true, plainSid: true, prohibited: hasPrincipal | hasNotPrincipal, required: hasResource | hasNotResource},
	GrammarRCP: {name: "rcp", version2012: true, noID: true, plainSid: true, prohibited: hasNotPrincipal | hasNotAction,
		required: hasPrincipal | hasResource | hasNotResource, denyOnly: true, everyoneOnly: true},
}

// Validate checks a parsed document against the rules of its type. It returns
// nil or an *[Error] for the first thing that AWS would refuse.
//
// Source: IAM User Guide, "Grammar of the IAM JSON policy language";
// Organizations User Guide, "SCP syntax" and "RCP syntax"; messages as
// observed.
func (d *Document) Validate(g Grammar) error {
	if int(g) >= len(grammarRules) {
		g = noGrammar
	}
	v := validator{doc: d, rules: &grammarRules[g]}
	if g == noGrammar {
		v.refuse(0, messageSyntax, "no grammar was chosen")
	}
	v.document()
	var sids nameSet
	for i := range d.statements {
		v.sid(&d.details[i], &d.statements[i], &sids)
	}
	for i := range d.statements {
		v.elements(&d.statements[i], &d.details[i])
	}
	if d.unproven != 0 || v.rules.stsOnly || len(d.principals) > 0 {
		for i := range d.statements {
			v.entries(&d.statements[i])
		}
	}
	if v.err != nil {
		return v.err
	}
	return nil
}

type validator struct {
	doc   *Document
	rules *rules
	err   *Error
}

// refuse keeps the first error.
func (v *validator) refuse(offset int, message, detail string) {
	if v.err == nil {
		v.err = &Error{Code: CodeMalformed, Message: message, Detail: detail, Position: positionIn(v.doc.text, offset)}
	}
}

func (v *validator) refuseAt(at uint32, message, detail string) { v.refuse(int(at), message, detail) }

func (v *validator) document() {
	if v.rules.version2012 && v.doc.version != Version2012 {
		v.refuse(0, "Policy document must be version 2012-10-17 or greater.", "")
	}
	if v.rules.noID && v.doc.idAt >= 0 {
		v.refuse(v.doc.idAt, messageSyntax, "Id is not allowed here")
	}
}

func (v *validator) sid(more *detail, st *statement, seen *nameSet) {
	if st.has&hasSid == 0 {
		return
	}
	sid := more.sid.in(v.doc.text)
	if v.rules.plainSid && !isAlphanumeric(sid) {
		v.refuseAt(more.sid.at, "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*", "")
	}
	if sid != "" && !seen.add(sid) {
		v.refuseAt(more.sid.at, "Statement IDs (SID) in a single policy must be unique.", "")
	}
}

func isAlphanumeric(s string) bool {
	for i := range len(s) {
		if !isLetterOrDigit(s[i]) {
			return false
		}
	}
	return true
}

func isLetterOrDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// elements checks which elements a statement has.
func (v *validator) elements(st *statement, more *detail) {
	r := v.rules
	if bad := st.has & r.prohibited; bad != 0 {
		v.prohibited(bad, more)
	}
	const principal, resource = hasPrincipal | hasNotPrincipal, hasResource | hasNotResource
	if r.required&principal != 0 && (st.has&principal == 0 || st.principals.lo == st.principals.hi) {
		v.refuseAt(more.at, "Missing required field Principal", "")
	}
	if st.has&(hasAction|hasNotAction) == 0 || st.actions.lo == st.actions.hi {
		v.refuseAt(more.at, "Policy statement must contain actions.", "")
	}
	if r.required&resource != 0 && (st.has&resource == 0 || st.resources.lo == st.resources.hi) {
		v.refuseAt(more.at, "Policy statement must contain resources.", "")
	}
	if r.denyOnly && !st.deny {
		v.refuseAt(more.at, messageSyntax, `Effect must be "Deny"`)
	}
	if r.everyoneOnly && st.principals.lo < st.principals.hi && !v.doc.principals[st.principals.lo].bare {
		v.refuseAt(more.principalAt, messageSyntax, `Principal must be "*"`)
	}
	if r.notPrincipal && st.has&hasNotPrincipal != 0 && !st.deny {
		v.refuseAt(more.principalAt, messageSyntax, "NotPrincipal goes with Deny only")
	}
}

func (v *validator) prohibited(bad elements, more *detail) {
	switch {
	case v.rules.stsOnly && bad&hasResource != 0:
		v.refuseAt(more.resourceAt, "Has prohibited field Resource", "")
	case v.rules.stsOnly && bad&hasNotResource != 0:
		v.refuseAt(more.resourceAt, "Has prohibited field NotResource", "")
	case v.rules.stsOnly:
		v.refuseAt(more.principalAt, "Has prohibited field NotPrincipal", "")
	case bad&hasNotAction != 0:
		v.refuseAt(more.actionAt, messageSyntax, "NotAction is not allowed here")
	case bad&hasPrincipal != 0 || v.rules.required&hasPrincipal == 0:
		v.refuseAt(more.principalAt, "Policy document should not specify a principal.", "")
	default:
		v.refuseAt(more.principalAt, messageSyntax, "NotPrincipal is not allowed here")
	}
}

// entries checks each action, principal, resource and condition on its own. Of
// actions, resources and conditions it is known from compiling whether one of
// them may be refused under some grammar; most documents have none.
func (v *validator) entries(st *statement) {
	d := v.doc
	for i := st.actions.lo; i < st.actions.hi; i++ {
		v.action(d.writtenActions[i])
	}
	for i := st.principals.lo; i < st.principals.hi; i++ {
		v.principal(&d.principals[i])
	}
	for i := st.resources.lo; i < st.resources.hi; i++ {
		v.resource(d.writtenResources[i])
	}
	for i := st.conditions.lo; i < st.conditions.hi; i++ {
		v.condition(&d.conditions[i])
	}
}

func (v *validator) action(w written) {
	source := w.in(v.doc.text)
	if source == "*" {
		if v.rules.stsOnly {
			v.refuseAt(w.at, "AssumeRole policy may only specify STS AssumeRole actions.", "")
		}
		return
	}
	vendor, name, ok := strings.Cut(source, ":")
	switch {
	case !ok:
		v.refuseAt(w.at, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", "")
	case strings.Contains(name, ":"):
		v.refuseAt(w.at, "Actions/Condition can contain only one colon.", "")
	case !isVendor(vendor):
		v.refuseAt(w.at, "Vendor "+vendor+" is not valid", "")
	case name == "":
		v.refuseAt(w.at, messageSyntax, "the action has no name")
	case v.rules.stsOnly && !strings.EqualFold(vendor, "sts"):
		v.refuseAt(w.at, "AssumeRole policy may only specify STS AssumeRole actions.", "")
	}
}

// isVendor reports whether s can be a service prefix: letters, digits, hyphens
// and dots, no wildcards.
func isVendor(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '-' && c != '.' && !isLetterOrDigit(c) {
			return false
		}
	}
	return s != ""
}

func (v *validator) condition(c *condition) {
	if !strings.Contains(c.key.name, ":") {
		v.refuseAt(c.pos, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", "")
	}
	if c.op.family == familyDate {
		for i := c.lo; i < c.hi; i++ {
			if in := &v.doc.instants[i]; !in.ok {
				v.refuseAt(in.pos, "The policy failed legacy parsing", "the value is no date")
			}
		}
	}
}
