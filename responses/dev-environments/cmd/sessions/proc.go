package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"strconv"
	"strings"
)

// established returns the connections of this network namespace to one of its own ports, each as its two addresses.
func established(port uint16) (map[string]bool, error) {
	all := map[string]bool{}
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		file, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) && name == "/proc/net/tcp6" {
			continue // a kernel without IPv6
		}
		if err != nil {
			return nil, err
		}
		connections, err := parse(file, port)
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		maps.Copy(all, connections)
	}
	return all, nil
}

// parse reads the kernel's table (man 5 proc_pid_net): after a headline, a connection a line, such as
//
//	0: 0100007F:08AE 0200000A:C350 01 ...
//
// with its slot, the local and the other address, port in hexadecimal, and the state: 01 is established.
func parse(table io.Reader, port uint16) (map[string]bool, error) {
	connections := map[string]bool{}
	lines := bufio.NewScanner(table)
	if !lines.Scan() {
		return nil, errors.Join(errors.New("no headline"), lines.Err())
	}
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 {
			return nil, fmt.Errorf("not a connection: %q", lines.Text())
		}
		_, hex, _ := strings.Cut(fields[1], ":")
		local, err := strconv.ParseUint(hex, 16, 16)
		if err != nil {
			return nil, fmt.Errorf("not a local address: %q", fields[1])
		}
		if uint16(local) == port && fields[3] == "01" {
			connections[fields[1]+" "+fields[2]] = true
		}
	}
	return connections, lines.Err()
}
