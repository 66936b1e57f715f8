//go:build !unix

package main

import (
	"fmt"
	"os"
)

// openLog opens a file to append a log to, and makes it where it is not there.
func openLog(path string) (*os.File, error) {
	const onlyOwner = 0o600
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, onlyOwner)
	if err != nil {
		return nil, fmt.Errorf("%w; try: another place for it", err)
	}
	return file, nil
}
