package endpoint

import (
	"fmt"
	"io"
	"os"
	"syscall"
)

// maxFile is how many bytes a file of docker's may have: as many as docker itself imports.
const maxFile = 10 << 20

// readFile reads a file that docker's client would read. It waits for nothing: what is not a file of a
// sensible length, such as a FIFO or a device, is an error.
func readFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s is longer than %d MiB", path, maxFile>>20)
	}
	return io.ReadAll(io.LimitReader(file, maxFile))
}
