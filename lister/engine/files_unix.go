//go:build unix

package engine

import "syscall"

// promptly opens a FIFO that nobody writes to, or a terminal, without waiting for it or taking it over.
const promptly = syscall.O_NONBLOCK | syscall.O_NOCTTY
