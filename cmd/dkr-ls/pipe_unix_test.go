//go:build unix && !linux

package main

// bytesInPipe asks how many bytes a pipe holds: FIONREAD, which golang.org/x/sys/unix does not have for
// macOS and the BSDs.
const bytesInPipe = 0x4004667f
