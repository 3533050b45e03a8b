package load_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"github.com/ambit-iam/ambit/policy"
)

const (
	boundaryName = "DynamoDB_Boundary_Frankfurt"
	boundaryText = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:UpdateItem","dynamodb:DeleteItem"],` +
		`"Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}}]}`
	createText = `{"Version":"2012-10-17","Statement":[` +
		`{"Sid":"SetPermissionsBoundary","Effect":"Allow","Action":["iam:CreateRole","iam:AttachRolePolicy","iam:DetachRolePolicy"],` +
		`"Resource":"arn:aws:iam::123456789012:role/MyTestApp*",` +
		`"Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::123456789012:policy/DynamoDB_Boundary_Frankfurt"}}},` +
		`{"Sid":"CreateAndEditPermissionsPolicy","Effect":"Allow","Action":["iam:CreatePolicy","iam:CreatePolicyVersion","iam:DeletePolicyVersion"],` +
		`"Resource":"arn:aws:iam::123456789012:policy/MyTestApp*"}]}`
	editText = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GetRole","iam:GetRolePolicy","iam:PutRolePolicy"],"Resource":"arn:aws:iam::123456789012:role/MyTestApp*",` +
		`"Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}]}`
	trustText = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"sts:AssumeRole"}]}`
)

// fill makes state in a data directory that no server has open. It goes around the door, which is not what is measured here.
func fill(data string, make func(g *identity.Registry) error) error {
	g, err := identity.Open(context.Background(), func(o store.Options) (store.Store, error) { return bolt.Open(data, o) }, identity.Options{
		Account: account, NoAdminUser: true, Key: stateKey,
	})
	if err != nil {
		return err
	}
	return errors.Join(make(g), g.Close())
}

// Documents of every account.
var (
	boundary, trust = mustParse(boundaryText), mustParse(trustText)
	created         = time.Now().UTC()
)

func mustParse(text string) *policy.Document {
	d, err := policy.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// employ makes the employee, who may read and change the roles that he may create, and those roles.
func employ(g *identity.Registry, roles int) error {
	user := identity.UserRef("employee")
	key := identity.AccessKey{ID: identity.AccessKeyID(employee.ID), User: user.Name, Created: created}
	return g.Update(context.Background(), account, func(tx identity.Tx) error {
		_, err := tx.CreateUser(identity.User{Entity: identity.Entity{Name: user.Name, ID: "AIDAQAAAAAAAEXAMPLE12", Created: created}})
		if err != nil {
			return err
		}
		for name, text := range map[string]string{"create": createText, "edit": editText} {
			if err := tx.PutInlinePolicy(user, name, mustParse(text)); err != nil {
				return err
			}
		}
		if _, err := tx.CreateAccessKey(key, identity.SecretOf(employee.Secret)); err != nil {
			return err
		}
		return rolesOf(tx, roles)
	})
}

// anotherAccount makes an account with roles.
func anotherAccount(g *identity.Registry, number string, roles int) error {
	if _, err := g.AddAccount(context.Background(), number, identity.StartKey{}); err != nil {
		return err
	}
	return g.Update(context.Background(), number, func(tx identity.Tx) error { return rolesOf(tx, roles) })
}

// rolesOf makes a boundary and so many roles with it, each with a policy of its own.
func rolesOf(tx identity.Tx, roles int) error {
	p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: boundaryName, ID: identity.NewPolicyID(), Created: created}, boundary)
	if err != nil {
		return err
	}
	for i := range roles {
		e := identity.Entity{Name: roleName(i), ID: identity.NewRoleID(), Created: created, Boundary: p.ARN}
		role, err := tx.CreateRole(identity.Role{Entity: e}, trust)
		if err != nil {
			return err
		}
		own := mustParse(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],`+
			`"Resource":"arn:aws:dynamodb:eu-central-1:%s:table/%s"}]}`, tx.Account(), role.ID))
		if err := tx.PutInlinePolicy(identity.RoleRef(e.Name), "app", own); err != nil {
			return err
		}
	}
	return nil
}

func roleName(i int) string { return fmt.Sprintf("MyTestAppRole%04d", i) }
