// Package rlog is how clients log: rarely, and only what nobody is told by an error. In steady state they log
// nothing.
//
// Every client can be given a Logger of its own, of log/slog by FromSlog or none by Discard. Clients that are given
// none use the process default, which writes warnings and errors to standard error until SetLogger, SetLogLevel or
// SetOutputPath change it; that default is the one thing that clients of a process share.
package rlog
