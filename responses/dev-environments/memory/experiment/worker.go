package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"syscall"
	"unsafe"
)

// key is the i-th of the column: sorted, so that a question is a binary search, which touches a few pages of thousands.
func key(i int) uint64 { return uint64(i) * 7 } //nolint:gosec // an index is not negative

// generate writes a column of sorted integers: fixed width, little-endian, usable in place, as Arrow IPC lays them out.
func generate(file string, size int64) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	var cell [8]byte
	for i := range int(size / 8) {
		*(*uint64)(unsafe.Pointer(&cell)) = key(i)
		if _, err := w.Write(cell[:]); err != nil {
			return err
		}
	}
	// Synced, because dirty pages cannot be dropped from the page cache.
	return errors.Join(w.Flush(), f.Sync(), f.Close())
}

// work is one process: it answers a question, says so, reads the whole column, says so, and keeps it until its stdin ends.
func work(way, file string) error {
	bytes, err := open(way, file)
	if err != nil {
		return err
	}
	column := unsafe.Slice((*uint64)(unsafe.Pointer(&bytes[0])), len(bytes)/8)

	wanted := len(column) / 3
	if found := sort.Search(len(column), func(i int) bool { return column[i] >= key(wanted) }); found != wanted {
		return fmt.Errorf("%s: cell %d found at %d", file, wanted, found)
	}
	fmt.Println("first")

	var sum, expected uint64
	for i, cell := range column {
		sum += cell
		expected += key(i)
	}
	if sum != expected {
		return fmt.Errorf("%s: the sum is %d, not %d", file, sum, expected)
	}
	fmt.Println("whole", diskReads())

	_, err = io.Copy(io.Discard, os.Stdin)
	// Used here, or the collector would take the loaded column before it is measured.
	_ = column[0]
	return err
}

func open(way, file string) ([]byte, error) {
	if way == "loaded" {
		return os.ReadFile(file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
}

// diskReads is what this process has had fetched from storage, in bytes: reads and page faults, with their readahead.
func diskReads() int64 {
	text, _ := os.ReadFile("/proc/self/io")
	for line := range strings.Lines(string(text)) {
		var n int64
		if _, err := fmt.Sscanf(line, "read_bytes: %d", &n); err == nil {
			return n
		}
	}
	return -1
}
