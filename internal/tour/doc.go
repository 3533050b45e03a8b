// Package tour decides what a visitor is shown: two documents about permissions boundaries, typed step by step, every call really
// made, and for each refusal the reason.
//
// The documents are Markdown, as README has them: text, shell blocks, and after a block what it prints. [Play] types the blocks as a
// reader would, into a shell that understands as much as they need, with an AWS CLI that does: both are in this package, so that
// nothing needs to be installed. Calls are signed and go through the server's door like any other; whoever plays says which server.
package tour
