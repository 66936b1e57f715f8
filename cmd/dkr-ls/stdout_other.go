//go:build !unix

package main

// isStdoutClosed tells that the program was started with stdout closed. Where it cannot be told,
// a write to it fails.
func isStdoutClosed() bool { return false }
