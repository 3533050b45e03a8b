package dynamodb

import (
	"context"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
)

func (k *knownTables) describeTable() service.Long[tableNameInput, target] {
	return service.Long[tableNameInput, target]{
		Check: func(in *tableNameInput) error { return checkTableName(in.TableName) },
		Plan: func(c *service.Call, in *tableNameInput, r identity.Reader, h *service.Hold) (target, error) {
			t, err := k.target(c, r, h, *in.TableName)
			if isNotFound(err) {
				p, _ := placeOf(c, *in.TableName)
				err = tableNotFound(p.name)
			}
			return t, err
		},
		Act: func(ctx context.Context, c *service.Call, _ *tableNameInput, t target, _ *service.Hold) (service.Answer, error) {
			if err := build(ctx, c, t.table, t.place); err != nil { // a server that died may have left it undone
				return service.Answer{}, err
			}
			var count item.Count
			err := t.view(ctx, c, func(at item.Table) error { count = at.Count(); return nil })
			return service.Body(&describeTableOutput{t.table.describe(t.place, "ACTIVE", &count.Items, &count.Bytes)}), err
		},
	}
}

var listTables = service.Reading[listTablesInput]{
	Check: func(in *listTablesInput) error {
		var c constraints
		c.pattern("exclusiveStartTableName", in.ExclusiveStartTableName, namePattern, `[a-zA-Z0-9_.-]+`)
		c.length("exclusiveStartTableName", in.ExclusiveStartTableName, 3, 255)
		c.between("limit", in.Limit, 1, 100)
		return c.err()
	},
	Act: func(c *service.Call, in *listTablesInput, r identity.Reader) (service.Answer, error) {
		limit, after := 100, ""
		if in.Limit != nil {
			limit = int(*in.Limit)
		}
		prefix := tablePrefix(c.Environment.Region)
		if in.ExclusiveStartTableName != nil {
			after = prefix + *in.ExclusiveStartTableName
		}
		pairs, more := r.Store().Scan(prefix, after, limit)
		out := listTablesOutput{TableNames: []string{}}
		for _, p := range pairs {
			out.TableNames = append(out.TableNames, strings.TrimPrefix(p.Key, prefix))
		}
		if more {
			out.LastEvaluatedTableName = &out.TableNames[len(out.TableNames)-1]
		}
		return service.Body(&out), nil
	},
}

var deleteTable = service.Writing[tableNameInput, struct{}]{
	Check: func(in *tableNameInput) error { return checkTableName(in.TableName) },
	Act: func(c *service.Call, in *tableNameInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		t, p, exists, err := ownTable(c, tx, *in.TableName)
		switch {
		case err != nil:
			return service.Answer{}, err
		case !exists:
			return service.Answer{}, tableNotFound(p.name)
		case t.DeletionProtection:
			return service.Answer{}, invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
		}
		tx.Store().Delete(tablePrefix(p.region) + t.Name)
		zero := int64(0)
		d := t.describe(p, "DELETING", &zero, &zero)
		d.AttributeDefinitions, d.KeySchema = nil, nil
		return service.Answer{Body: &deleteTableOutput{d}, Committed: func() { go sweep(c, p) }}, nil
	},
}

// ownTable finds a table that a call changes. Definitions are changed in the caller's own account only.
func ownTable(c *service.Call, tx identity.Tx, name string) (t table, p place, exists bool, err error) {
	p, ok := placeOf(c, name)
	if !ok || p.account != tx.Account() {
		return table{}, p, false, nil
	}
	t, exists, err = readTable(tx.Reader, p.region, p.name)
	return t, p, exists, err
}
