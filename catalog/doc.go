// Package catalog decides which actions, resource types and condition keys exist: the facts of AWS's Service Authorization
// Reference, embedded, together with the AWS managed policies that people name most.
//
// Most readers need three functions: [FindAction], [FindKey] and [ManagedPolicy]. Whatever IAM compares ignoring case (action
// names, service prefixes, condition keys) is looked up ignoring case here, and answered in AWS's spelling.
//
// The catalog says what is known. An action or key that is not in it may be new; it is up to the caller to treat the unknown
// as refused, or merely as unknown. Nothing here changes after it was first read, and any of it may be used from several
// goroutines at once.
//
// The facts of a service are decoded when something first asks for that service, so that a program pays only for what it uses.
//
// # The table
//
// services.txt is written by tools/catalog from a pinned archive. Its fields are separated by tabs:
//
//	V  version of the source
//	G  name, type: a global condition key
//	F  name, type: a condition key that only services of another prefix list, as sts does those of identity providers
//	S  prefix, name, length, RCP: a service, the bytes of its block, and whether resource control policies apply to it
//
// After an empty line follow the blocks of the services, in the same order:
//
//	K  name, type: a condition key; the first is number 0
//	R  name, keys, ARN…: a resource type; the first is number 0
//	A  name, access levels, keys, resource types: an action. A resource type is its number, with "!" if the action needs
//	   one of that type, and after a colon the keys that it has on this action alone
package catalog

//go:generate go run ../tools/catalog -archive ../tools/catalog/iam-data-0.21.202609261.tgz -corrections ../tools/catalog/corrections.txt -out services.txt
