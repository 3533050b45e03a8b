package policy

// A MetCondition is one operator and key of a statement that matched, with the
// values as they are written and what the request has for the key.
type MetCondition struct {
	Operator string   `json:"operator"`
	Key      string   `json:"key"`
	Want     []string `json:"want"`
	Got      []string `json:"got"`
	Absent   bool     `json:"absent,omitempty"` // the request does not have the key
}

// metConditions lists the conditions of a statement that matched.
func (d *Document) metConditions(st *statement, ctx *Context) (met []MetCondition) {
	for i := st.conditions.lo; i < st.conditions.hi; i++ {
		c := &d.conditions[i]
		got, present := ctx.Get(c.key)
		met = append(met, MetCondition{Operator: c.spelling(), Key: c.key.name, Want: d.valueTexts(c), Got: got, Absent: !present})
	}
	return met
}

// NotSpared is why a NotPrincipal element does not leave a caller out (IAM User
// Guide, "AWS JSON policy elements: NotPrincipal").
type NotSpared struct {
	// Listed holds the entries of the element, such as "AWS:123456789012".
	Listed []string `json:"listed"`
	// Missing holds the entries that it would have to list as well: those by
	// which a caller is called, all of them, so of a user the account too.
	Missing []string `json:"missing,omitempty"`
	// Bounded says that the caller has a permissions boundary. Such a caller is
	// never left out, whatever the element lists.
	Bounded bool `json:"bounded,omitempty"`
}

func (d *Document) notSpared(st *statement, p *Principal, bounded bool) *NotSpared {
	list := d.principals[st.principals.lo:st.principals.hi]
	out := &NotSpared{Listed: d.principalTexts(st), Bounded: bounded}
	if forms := named(list, p); forms&byEveryone == 0 {
		out.Missing = p.entries(p.parts() &^ forms)
	}
	return out
}

// entries are the entries of a Principal element that name the caller in the
// forms.
func (p *Principal) entries(forms principalForm) (out []string) {
	provider := "Federated:" + p.Provider
	if p.Type == AWSService {
		provider = "Service:" + p.Service
	}
	for _, entry := range [...]struct {
		form principalForm
		text string
	}{
		{byEveryone, "*"}, {byUser, "AWS:" + p.ARN}, {bySession, "AWS:" + p.ARN}, {byRole, "AWS:" + p.RoleARN},
		{byUserOfSession, "AWS:" + p.UserARN}, {byAccount, "AWS:" + p.Account}, {byService, provider},
	} {
		if forms&entry.form != 0 {
			out = append(out, entry.text)
		}
	}
	return out
}
