// Package operation decides what each API call must be allowed to do: it is the one table that says, per call, which
// actions are asked for, on which resource, with which condition keys, and what the call then changes about who may do what.
//
// The table is data. The server reads it to authorise, the analysis to prove, the gateway to forward and the documentation
// to list, so none of them can disagree with another. A call without a row does not exist; a row without a handler is
// authorised and then answered "not implemented", never with success.
//
// Most readers need two functions: [Find] gives the row of a call, and [Question.Judge] the ARN that a question is about.
//
// # Names
//
// When, Unless, Each, Target.Member, Key.Value and the ${…} of templates speak of values by name:
//
//   - RoleName, IamInstanceProfile.Arn: a member of the call's input, spelled as in the AWS API model, dots for nesting
//   - Element, Element.SubnetId: in a question that is asked for Each element of a list, that element
//   - Target.Path, Target.Name, Target.ARN: of the stored target of the row's first question
//   - Caller.UserName, Caller.SourceIdentity, Caller.TransitiveTags: of the calling principal's session
//   - Token.SourceIdentity: an attribute of the token that the input holds
//   - Service.RoleName: a value that the called service works out itself, because no member holds it; a service that does not
//     know such a name refuses ([Row.ServiceNames])
//   - Partition, Region, Account: of the request; Account is the caller's
//
// A value that is missing where a template needs it is an error, and an error while deciding is a refusal.
//
// Actions, resource types and keys are spelled as the Service Authorization Reference spells them; tests compare every row
// with package catalog.
package operation
