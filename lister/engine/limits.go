package engine

import (
	"fmt"
	"io"
)

// What an answer may have at most, so that no engine can exhaust this machine's memory. Each is far
// beyond any engine's: a million images take about 600 MB.
const (
	maxAnswer = 1 << 30    // bytes
	maxImage  = 64 << 20   // bytes of one image
	maxNames  = 10_000_000 // images, tags and digests together
)

// capped fails the read that goes past a limit, where io.LimitReader would feign an end.
type capped struct {
	r          io.Reader
	read       int64 // bytes
	sinceImage int64 // bytes since the last whole image
}

// A limitError tells which limit an answer went past.
type limitError string

func (e limitError) Error() string { return string(e) }

func (c *capped) Read(p []byte) (int, error) {
	switch {
	case c.read >= maxAnswer:
		return 0, limitError(fmt.Sprintf("it is longer than %d MiB", maxAnswer>>20))
	case c.sinceImage >= maxImage:
		return 0, limitError(fmt.Sprintf("an image of it is longer than %d MiB", maxImage>>20))
	}
	n, err := c.r.Read(p)
	c.read += int64(n)
	c.sinceImage += int64(n)
	return n, err
}
