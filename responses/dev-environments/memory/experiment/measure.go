package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// result is one run of one way; memory in MiB.
type result struct {
	pss        float64 // of all processes: a page that n of them share counts 1/n for each
	anonymous  float64 // of that, what is no file's: the kernel cannot drop it
	rss        float64 // what each sees, added up
	tables     float64 // their page tables
	cold, warm times   // the first process, and the median of the others
}

// times are one process': from its start to the first answer and until it has read everything (ms), and what came from disk (MiB).
type times struct{ First, Whole, Disk float64 }

// measure starts the processes one after the other, as a node's pods do: the first finds a cold page cache, the others a warm one.
func measure(program, way, file string, processes int) (result, error) {
	if err := dropFromCache(file); err != nil {
		return result{}, err
	}
	var all []times
	var r result
	var running []*process
	defer func() {
		for _, p := range running {
			_ = p.end()
		}
	}()
	for range processes {
		p, t, err := start(program, way, file)
		if err != nil {
			return result{}, err
		}
		running = append(running, p)
		all = append(all, t)
	}
	for _, p := range running {
		for _, figure := range []struct {
			into        *float64
			file, field string
		}{
			{&r.pss, "smaps_rollup", "Pss:"}, {&r.anonymous, "smaps_rollup", "Pss_Anon:"}, {&r.rss, "smaps_rollup", "Rss:"}, {&r.tables, "status", "VmPTE:"},
		} {
			kib, err := kibibytes(fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, figure.file), figure.field)
			if err != nil {
				return result{}, err
			}
			*figure.into += kib / 1024
		}
	}
	r.cold = all[0]
	others := all[1:]
	r.warm = times{
		First: median(others, func(t times) float64 { return t.First }),
		Whole: median(others, func(t times) float64 { return t.Whole }),
		Disk:  median(others, func(t times) float64 { return t.Disk }),
	}
	return r, nil
}

type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
}

func (p *process) end() error {
	_ = p.stdin.Close()
	return p.cmd.Wait()
}

// start returns when the process has read everything; it then keeps its memory until its stdin is closed.
func start(program, way, file string) (*process, times, error) {
	cmd := exec.Command(program, "-worker", way, file)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, times{}, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, times{}, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, times{}, err
	}
	p := &process{cmd, stdin}
	lines := bufio.NewReader(stdout)
	var t times
	var disk int64
	if _, err := fmt.Fscanf(lines, "first\n"); err != nil {
		return nil, t, fmt.Errorf("%s: no first answer: %w", way, p.end())
	}
	t.First = milliseconds(began)
	if _, err := fmt.Fscanf(lines, "whole %d\n", &disk); err != nil {
		return nil, t, fmt.Errorf("%s: not read to its end: %w", way, p.end())
	}
	t.Whole = milliseconds(began)
	t.Disk = float64(disk) / (1 << 20)
	return p, t, nil
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// dropFromCache needs no root: a file's clean, unmapped pages go. The column "disk reads" shows that they went.
func dropFromCache(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}

// kibibytes reads a field of /proc's "Name:   123 kB" files.
func kibibytes(file, field string) (float64, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, field); found {
			var n float64
			_, err := fmt.Sscanf(rest, "%f kB", &n)
			return n, err
		}
	}
	return 0, fmt.Errorf("%s has no %s", file, field)
}
