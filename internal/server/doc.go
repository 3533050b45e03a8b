// Package server decides what a running Ambit is made of: it opens the store and the identities, lists the services, listens,
// and leaves behind what clients need to find it.
//
// [Open] does everything that can fail and tells why in one line; [Server.Serve] then runs until its context ends, drains, and
// closes what Open opened. Nothing else in the program knows all the rooms.
package server
