package operation

// stsRows are the operations of AWS STS.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
var stsRows = [...]Row{
	{
		Service: "sts", Name: "GetCallerIdentity", Mode: Read,
		NoPermission: "no permissions are required, and a deny does not stop it (STS API Reference, GetCallerIdentity)",
		Source:       "STS API Reference, GetCallerIdentity",
	},
}
