package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// maxFile is how many bytes a file of docker's may have: as many as docker itself imports.
const maxFile = 10 << 20

// openFile opens a file that docker's client would read. It waits for nothing: whatever is not a file
// of a sensible length, such as a FIFO or a device, is an error.
func openFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|promptly, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is not a regular file", path)
	case info.Size() > maxFile:
		err = fmt.Errorf("%s is longer than %d MiB", path, maxFile>>20)
	default:
		return file, nil
	}
	_ = file.Close()
	return nil, err
}

// readFile reads a file that [openFile] opens.
func readFile(path string) ([]byte, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxFile))
}

// checkFile fails where docker's packages could not read the file at path at once. That it is not
// there is for them to say.
func checkFile(path string) error {
	file, err := openFile(path)
	switch {
	case err == nil:
		return file.Close()
	case errors.Is(err, os.ErrNotExist):
		return nil
	}
	return err
}
