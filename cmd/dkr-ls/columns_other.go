//go:build !unix && !windows

package main

func columns() int { return 0 }
