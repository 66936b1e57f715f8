package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// A run has a bound: its --timeout, or the patience of somebody who completes a command line. What it
// does in that time it does by itself, as requests end with their context. But nothing ends a sort, a
// read of a file on a disk that does not answer, or a write to a pipe that nobody reads. So that work
// is left behind in a goroutine of its own when its time is up, and the process ends.

// grace is how long a run may take to end by itself once its time is up, or it is interrupted. It
// then tells of an error of its own.
const grace = 50 * time.Millisecond

// within carries out work until it is done, or ctx has ended and the grace is over: done is false
// then, and the work goes on by itself.
func within[Result any](ctx context.Context, work func() Result) (result Result, done bool) {
	results := make(chan Result, 1)
	go func() { results <- work() }()
	select {
	case result = <-results:
		return result, true
	case <-ctx.Done():
	}
	select {
	case result = <-results:
		return result, true
	case <-time.After(grace):
		return result, false
	}
}

// bounded carries out work, which gets a process to write to. Work that is left behind cannot write
// any more.
func (p process) bounded(ctx context.Context, work func(process) error) error {
	stdout, stderr := &gate{to: p.stdout}, &gate{to: p.stderr}
	inner := p
	inner.stdout, inner.stderr = stdout, stderr
	err, done := within(ctx, func() error { return work(inner) })
	if done {
		return err
	}
	stderr.shut()
	err = context.Cause(ctx)
	if after := timeoutError(0); errors.As(err, &after) {
		err = fmt.Errorf("not done within %v; try: a longer --timeout", time.Duration(after))
	}
	if stdout.shut() {
		return fmt.Errorf("writing the output: %w", err)
	}
	return err
}

// exitBehind ends the process soon after its bound even if it cannot tell of its end, since nobody
// reads its errors.
func (p process) exitBehind(bound time.Duration) {
	if p.exitAfter != nil && bound > 0 {
		p.exitAfter(max(bound, bound+grace)) // of a bound that is none
	}
}

// A gate is a writer that lets nothing through once it is shut.
type gate struct {
	to     io.Writer
	isShut atomic.Bool
	lock   sync.Mutex // held by a write
	used   bool
}

func (g *gate) Write(text []byte) (int, error) {
	g.lock.Lock()
	defer g.lock.Unlock()
	if g.isShut.Load() {
		return 0, io.ErrClosedPipe
	}
	g.used = true
	return g.to.Write(text)
}

// shut tells whether something has been written, or is on its way.
func (g *gate) shut() (used bool) {
	g.isShut.Store(true)
	if !g.lock.TryLock() {
		return true
	}
	defer g.lock.Unlock()
	return g.used
}
