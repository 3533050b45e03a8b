package operation

import "slices"

// OnlyPermission reports whether a name is that of an action which policies can allow, and of no call of the service, both spelled
// exactly: what it permits is done by calls of other names, as iam:PassRole is. Calls that are newer than the API models that are read
// (permission_names.go says which) count as none.
func OnlyPermission(service, name string) bool {
	_, found := slices.BinarySearch(permissionNames[:], service+":"+name)
	return found
}
