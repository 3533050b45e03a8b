package logs

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A group is what is stored of a log group, in its account.
type group struct {
	Name      string         `json:"name"`
	ID        string         `json:"id"` // what its streams and events stand under
	Created   time.Time      `json:"created"`
	Class     string         `json:"class"`
	Retention int32          `json:"retention,omitempty"` // days; zero keeps events forever
	Protected bool           `json:"protected,omitempty"`
	Tags      []identity.Tag `json:"tags,omitempty"`
}

// groupPrefix is what the keys of all groups of a region begin with.
func groupPrefix(region string) string { return "logs:group/" + region + "/" }

func readGroup(r identity.Reader, region, name string) (g group, exists bool, err error) {
	value, exists := r.Store().Get(groupPrefix(region) + name)
	if !exists {
		return group{}, false, nil
	}
	if err := json.Unmarshal(value, &g); err != nil {
		return group{}, false, fmt.Errorf("log group %s: %w", name, err)
	}
	return g, true, nil
}

func writeGroup(tx identity.Tx, region string, g group) error {
	value, err := json.Marshal(g)
	if err != nil {
		return err
	}
	tx.Store().Put(groupPrefix(region)+g.Name, value)
	return nil
}

// A place is where a group is, whether there is one or not.
type place struct{ partition, account, region, name string }

func (p place) arn() string {
	return "arn:" + p.partition + ":logs:" + p.region + ":" + p.account + ":log-group:" + p.name
}

// ownPlace is that of a name in the account and the region of a call.
func ownPlace(c *service.Call, name string) place {
	return place{c.Identities.Partition(), c.Account(), c.Environment.Region, name}
}

// placeOf reads the name or the ARN of a group. ok is false for what names none that this account and region could have.
func placeOf(c *service.Call, identifier string) (p place, ok bool) {
	p = ownPlace(c, identifier)
	if !strings.HasPrefix(identifier, "arn:") {
		return p, true
	}
	a, err := arn.Parse(identifier)
	if err != nil {
		return p, false
	}
	name, isGroup := strings.CutPrefix(a.Resource, "log-group:")
	own := a.Service == "logs" && a.Partition == p.partition && a.Region == p.region && a.Account == p.account
	p.name = name
	return p, isGroup && own && groupPattern.MatchString(name)
}

// allGroups returns all groups of a region.
func allGroups(r identity.Reader, region string) ([]group, error) {
	var groups []group
	for key, value := range store.All(r.Store(), groupPrefix(region)) {
		var g group
		if err := json.Unmarshal(value, &g); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// find returns the group that a call names.
func find(c *service.Call, r identity.Reader, identifier string) (g group, p place, exists bool, err error) {
	p, ok := placeOf(c, identifier)
	if !ok {
		return group{}, p, false, nil
	}
	g, exists, err = readGroup(r, p.region, p.name)
	return g, p, exists, err
}

// mustFind is find for calls that need the group.
func mustFind(c *service.Call, r identity.Reader, identifier string) (group, place, error) {
	g, p, exists, err := find(c, r, identifier)
	if err == nil && !exists {
		err = noGroup()
	}
	return g, p, err
}

// oldest is the time, in milliseconds, before which events have expired.
func (g group) oldest(now time.Time) int64 {
	if g.Retention == 0 {
		return 0
	}
	return max(0, now.Add(-time.Duration(g.Retention)*24*time.Hour).UnixMilli())
}

// A groupName is how calls name a group that take its name as well as its ARN.
type groupName struct {
	LogGroupName       *string `wire:"logGroupName"`
	LogGroupIdentifier *string `wire:"logGroupIdentifier"`
}

// group returns what names the group.
func (n groupName) group() string {
	switch {
	case n.LogGroupName != nil:
		return *n.LogGroupName
	case n.LogGroupIdentifier != nil:
		return *n.LogGroupIdentifier
	}
	return ""
}

// check demands one of the two.
func (n groupName) check() error {
	switch {
	case n.LogGroupName == nil && n.LogGroupIdentifier == nil:
		return invalid("Either logGroupName or logGroupIdentifier is required.")
	case n.LogGroupName != nil && n.LogGroupIdentifier != nil:
		return invalid("LogGroup name and LogGroup ARN are mutually exclusive parameters.")
	}
	return nil
}
