//go:build !unix

package main

import "os"

// patientStderr is stderr, which has to have a reader.
func patientStderr() *os.File { return os.Stderr }
