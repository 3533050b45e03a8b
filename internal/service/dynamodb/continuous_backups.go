package dynamodb

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Nothing is backed up here, and it is told so: tools that manage tables ask for that of every table. What they may set is that it
// stays so.

type pointInTimeRecoverySpecification struct {
	PointInTimeRecoveryEnabled *bool
	RecoveryPeriodInDays       *int32
}

type updateContinuousBackupsInput struct {
	TableName                        *string
	PointInTimeRecoverySpecification *pointInTimeRecoverySpecification
}

type pointInTimeRecoveryDescription struct{ PointInTimeRecoveryStatus string }

type continuousBackupsDescription struct {
	ContinuousBackupsStatus        string
	PointInTimeRecoveryDescription *pointInTimeRecoveryDescription
}

type continuousBackupsOutput struct {
	ContinuousBackupsDescription *continuousBackupsDescription
}

// noBackups is the answer about every table that there is.
func noBackups(name string, exists bool, err error) (service.Answer, error) {
	if err == nil && !exists {
		err = service.BadRequest("TableNotFoundException", "Table not found: "+name)
	}
	if err != nil {
		return service.Answer{}, err
	}
	return service.Body(&continuousBackupsOutput{
		&continuousBackupsDescription{"DISABLED", &pointInTimeRecoveryDescription{"DISABLED"}},
	}), nil
}

var describeContinuousBackups = service.Reading[tableNameInput]{
	Check: func(in *tableNameInput) error { return checkTableName(in.TableName) },
	Act: func(c *service.Call, in *tableNameInput, r identity.Reader) (service.Answer, error) {
		_, p, exists, err := find(c, r, *in.TableName)
		return noBackups(p.name, exists, err)
	},
}

var updateContinuousBackups = service.Writing[updateContinuousBackupsInput, struct{}]{
	Check: func(in *updateContinuousBackupsInput) error {
		if err := checkTableName(in.TableName); err != nil {
			return err
		}
		var c constraints
		asked := in.PointInTimeRecoverySpecification
		if c.present("pointInTimeRecoverySpecification", asked != nil); asked != nil {
			c.present("pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled", asked.PointInTimeRecoveryEnabled != nil)
		}
		if err := c.err(); err != nil {
			return err
		}
		if *asked.PointInTimeRecoveryEnabled || asked.RecoveryPeriodInDays != nil {
			return invalid("Backups are not served: PointInTimeRecoveryEnabled must be false, and RecoveryPeriodInDays must not be given")
		}
		return nil
	},
	Act: func(c *service.Call, in *updateContinuousBackupsInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		_, p, exists, err := ownTable(c, tx, *in.TableName)
		return noBackups(p.name, exists, err)
	},
}
