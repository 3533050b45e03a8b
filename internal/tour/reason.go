package tour

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
)

// An explanation is what ambit:ExplainDecision tells of a refused request, as far as one line needs it.
type explanation struct {
	Questions []question `json:"questions"`
}

type question struct {
	Action     string `json:"action"`
	Verdict    string `json:"verdict"`
	PolicyType string `json:"policyType"`
	Policies   []struct {
		PolicyType string `json:"policyType"`
		Name       string `json:"name"`
	} `json:"policies"`
	Changes []string `json:"changes"`
}

// typeNames are the types of policies as sentences call them.
var typeNames = map[string]string{"identity": "identity-based policy", "boundary": "permissions boundary", "session": "session policy"}

// reason asks the server, as the administrator, why it refused a request.
func (p *player) reason(ctx context.Context, requestID string) (string, error) {
	made := queryRequest("ambit", p.place.Region, "ExplainDecision", url.Values{"RequestId": {requestID}})
	body, err := p.client.send(ctx, made, p.administrator())
	if err != nil {
		return "", err
	}
	var answer struct {
		Explanation string `xml:"ExplainDecisionResult>Explanation"`
	}
	if err := xml.Unmarshal(body, &answer); err != nil {
		return "", err
	}
	var e explanation
	if err := json.Unmarshal([]byte(answer.Explanation), &e); err != nil {
		return "", err
	}
	for i := range e.Questions {
		if q := &e.Questions[i]; q.Verdict != "allow" {
			return q.line(), nil
		}
	}
	return "", nil
}

// line is the first thing that would have to change; where no statement comes near, which policies lack one.
func (q *question) line() string {
	if len(q.Changes) > 0 && !strings.HasPrefix(q.Changes[0], "No ") {
		return q.Changes[0]
	}
	var names []string
	for _, p := range q.Policies {
		if p.PolicyType == q.PolicyType && p.Name != "" {
			names = append(names, p.Name)
		}
	}
	of := typeNames[q.PolicyType]
	switch {
	case of == "":
		return strings.Join(q.Changes, " ")
	case len(names) == 1:
		return "The " + of + " " + names[0] + " has no statement that allows " + q.Action + "."
	case len(names) == 0:
		return "There is no " + of + " that allows " + q.Action + "."
	}
	return "None of these has a statement that allows " + q.Action + ": " + of + " " + strings.Join(names, ", ") + "."
}
