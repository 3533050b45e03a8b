package operation

import (
	"cmp"
	"slices"
	"sync"
)

// tables lists the files of rows. A new file is one line here.
func tables() [][]Row {
	return [][]Row{
		iamRoleRows[:], iamServiceLinkedRoleRows[:], iamRoleTemplateRows[:], iamUserRows[:], iamGroupRows[:],
		iamPolicyRows[:], iamCredentialRows[:], iamMFARows[:], iamProviderRows[:], iamInstanceProfileRows[:],
		iamServerCertificateRows[:], iamAccountRows[:], iamOrganizationRows[:], iamSimulationRows[:],
		iamDelegationRows[:],
		stsRows[:], dynamodbRows[:], dynamodbBatchRows[:], dynamodbSettingRows[:],
		s3Rows[:], s3ObjectRows[:], s3UploadRows[:], s3BucketRows[:], ec2Rows[:], lambdaRows[:], lambdaSettingRows[:], cloudFormationRows[:], computeRows[:],
		resourcePolicyRows[:], ambitRows[:], cloudtrailRows[:], logsRows[:], ssmRows[:],
	}
}

// table is every row, sorted by service and name, made on first use and never changed.
var table = sync.OnceValue(func() []Row {
	rows := slices.Concat(tables()...)
	slices.SortFunc(rows, compare)
	return rows
})

func compare(a, b Row) int {
	return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
}

// Rows returns every row, sorted by service and name. The rows share the table's memory and must not be modified.
func Rows() []Row { return slices.Clone(table()) }

// Find returns the row of an operation, both names spelled exactly, and whether there is one. Without a row there is no such
// operation, and the call is refused.
func Find(service, name string) (Row, bool) {
	rows := table()
	i, found := slices.BinarySearchFunc(rows, Row{Service: service, Name: name}, compare)
	if !found {
		return Row{}, false
	}
	return rows[i], true
}
