package main

import "golang.org/x/sys/unix"

// bytesInPipe asks how many bytes a pipe holds.
const bytesInPipe = unix.TIOCINQ
