// Package front decides the order in which a request is handled, and nothing else. It is the only door: whatever reaches an
// operation came through [Door.ServeHTTP] or [Door.Invoke].
//
//	step         in → out                     file
//	 1 sniff     bytes → sniffed              head.go
//	 2 find      sniffed → found              head.go
//	 3 identify  found → identified           caller.go
//	 4 decode    identified → service.Call    input.go
//	 5 open      … a view or an update        deed.go
//	 6 ask       … → questions                deed.go
//	 7 decide    … → ruling                   ruling.go
//	 8 act       … → outcome                  deed.go
//	 9 record    … → audit.Record             record.go
//	10 answer    outcome → bytes              answer.go
//
// Only the step named makes the type on its right, and each step takes what the one before made: an operation cannot be reached
// by a caller who was not identified, nor an answer be written that was not decided. A step that refuses ends in step 10, with a
// fault in the words of the service's family.
//
// A service that acts for somebody enters at step 5 through [Door.Invoke].
package front
