//go:build unix

package main

import (
	"runtime"
	"syscall"
)

// peak is a process's peak memory in bytes; Linux counts it in KiB.
func peak(usage *syscall.Rusage) float64 {
	if runtime.GOOS == "linux" {
		return float64(usage.Maxrss) * 1024
	}
	return float64(usage.Maxrss)
}
