// Package service decides what a service is: operations of the table of package operation with handlers bound to them, the
// questions that must be allowed before one is done, and the words for everything that no handler says.
//
// A service is a folder below this one. It gives a [Service] with its [Handler] values; [NewTable] binds them to their rows by
// name, and refuses a handler without a row. A row without a handler is authorisation-only: [Operation.Read] answers that it
// is not implemented, never with success.
//
// For one request the order is: [Operation.Decode] reads the input and checks its shape, [Operation.Draw] draws what must not be
// drawn twice, [Operation.Questions] turns the row into questions about what is stored, and the deed is done, with existence,
// conflicts and quotas looked at only then: by [Operation.Read] or [Operation.Write] in the state in which it was authorised, or by
// [Operation.Plan] in that state and [Operation.Act] without one. Package front keeps that order, and authorises before the deed.
//
// Services never import each other. What one wants of another it asks through an [Invoker], as the caller that it acts for.
package service
