package soak_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
)

// identities is traffic of IAM: users come and go, and inline policies of a role per client say a number.
type identities struct{ *cells }

const clients = 3 // of each service

func role(who int) string { return fmt.Sprint("role-", who) }

func (identities) prepare(c *client) error {
	for who := range clients {
		if _, err := c.query("CreateRole", "RoleName", role(who), "AssumeRolePolicyDocument",
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+account+`"},"Action":"sts:AssumeRole"}]}`); err != nil {
			return err
		}
	}
	return nil
}

func (i identities) step(c *client, who int) error {
	call := func(action string, parameters ...string) func() error {
		return func() error { _, err := c.query(action, parameters...); return err }
	}
	user := fmt.Sprintf("user-%d-%d", who, rand.IntN(8))
	policy := fmt.Sprint("policy-", rand.IntN(4))
	key := role(who) + "/" + policy
	switch {
	case rand.IntN(2) == 0 && i.value(user) == absent:
		return i.change("there", call("CreateUser", "UserName", user), user)
	case rand.IntN(2) == 0 && i.value(user) != absent:
		return i.change(absent, call("DeleteUser", "UserName", user), user)
	case rand.IntN(3) == 0 && i.value(key) != absent:
		return i.change(absent, call("DeleteRolePolicy", "RoleName", role(who), "PolicyName", policy), key)
	}
	n := strconv.Itoa(rand.IntN(1_000_000))
	return i.change(n, call("PutRolePolicy", "RoleName", role(who), "PolicyName", policy, "PolicyDocument",
		`{"Version":"2012-10-17","Statement":[{"Sid":"N`+n+`","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`), key)
}

func (i identities) check(c *client) []error {
	there := map[string]string{}
	var users struct {
		ListUsersResult struct {
			Users struct {
				Member []struct{ UserName string } `xml:"member"`
			}
		}
	}
	if err := i.get(c, &users, "ListUsers"); err != nil {
		return []error{err}
	}
	for _, u := range users.ListUsersResult.Users.Member {
		if u.UserName != "admin" {
			there[u.UserName] = "there"
		}
	}
	for who := range clients {
		var names struct {
			ListRolePoliciesResult struct {
				PolicyNames struct {
					Member []string `xml:"member"`
				}
			}
		}
		if err := i.get(c, &names, "ListRolePolicies", "RoleName", role(who)); err != nil {
			return []error{err}
		}
		for _, name := range names.ListRolePoliciesResult.PolicyNames.Member {
			n, err := i.said(c, role(who), name)
			if err != nil {
				return []error{err}
			}
			there[role(who)+"/"+name] = n
		}
	}
	return i.settle("identity", there)
}

func (identities) get(c *client, into any, action string, parameters ...string) error {
	answer, err := c.query(action, parameters...)
	if err != nil {
		return err
	}
	return xml.Unmarshal(answer, into)
}

// said is the number in an inline policy.
func (i identities) said(c *client, role, policy string) (string, error) {
	var out struct {
		GetRolePolicyResult struct{ PolicyDocument string }
	}
	if err := i.get(c, &out, "GetRolePolicy", "RoleName", role, "PolicyName", policy); err != nil {
		return "", err
	}
	text, err := url.QueryUnescape(out.GetRolePolicyResult.PolicyDocument)
	if err != nil {
		return "", err
	}
	var document struct{ Statement []struct{ Sid string } }
	if err := json.Unmarshal([]byte(text), &document); err != nil || len(document.Statement) != 1 {
		return "", fmt.Errorf("policy %s of %s: %s: %w", policy, role, text, err)
	}
	return document.Statement[0].Sid[1:], nil
}

func (identities) clear(*client) error { return nil }
