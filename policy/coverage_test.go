package policy_test

// The tests of this package run every statement of it but these:
//
//   - [policy.Outcome.Policy], last line of the look-up of a layer: an outcome
//     that points at a statement names the type of its policy; the line is
//     there because a switch must end.
//   - the matching of a program's action pattern, last line: a document has no
//     other kinds of patterns for actions, and none that is not known matches;
//     the line is there because a switch must end.
//   - [policy.Document.JSON], the panics when encoding/json refuses strings and
//     lists of strings, or what was made of them: a mistake of the program
//     that no document can cause, since strings of a document are valid UTF-8.
//   - the scanner's search for a byte that is not UTF-8, its last line: it is
//     asked only about text that has such a byte.
