//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// openLog opens a file to append a log to, and makes it where it is not there. It waits for nothing,
// and trusts no link and no file of others: they could choose where the log goes, or read it.
func openLog(path string) (*os.File, error) {
	const onlyOwner = 0o600
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY, onlyOwner)
	switch {
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.EMLINK): // the latter on FreeBSD
		return nil, fmt.Errorf("%s is a symbolic link; try: the file itself", path)
	case errors.Is(err, unix.ENXIO): // nobody reads it
		return nil, notAFile(path)
	case err != nil:
		return nil, fmt.Errorf("%w; try: another place for it", err)
	}
	var stat unix.Stat_t
	if err = unix.Fstat(int(file.Fd()), &stat); err == nil {
		err = trusted(path, stat)
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func trusted(path string, stat unix.Stat_t) error {
	const writable = unix.S_IWGRP | unix.S_IWOTH
	switch {
	case stat.Mode&unix.S_IFMT != unix.S_IFREG:
		return notAFile(path)
	case int(stat.Uid) != os.Geteuid():
		return fmt.Errorf("%s belongs to another user; try: a file of your own", path)
	case stat.Nlink > 1:
		return fmt.Errorf("%s has another name as well; try: a file of its own", path)
	case stat.Mode&writable != 0:
		return fmt.Errorf("others may write to %s; try: chmod go-w on it", path)
	}
	return nil
}

func notAFile(path string) error {
	return fmt.Errorf("%s is not a regular file; try: the path of a regular file", path)
}
