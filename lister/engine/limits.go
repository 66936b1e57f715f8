package engine

import (
	"fmt"
	"io"
)

// limits are what an answer may have at most, so that no engine can exhaust this machine's memory.
type limits struct {
	answer int64 // bytes
	image  int64 // bytes of one image
	names  int   // images, tags and digests together
}

// generous limits are far beyond any engine's answer: a million images take about 600 MB.
func generous() limits { return limits{answer: 1 << 30, image: 64 << 20, names: 10_000_000} }

// capped fails the read that goes past a limit, where io.LimitReader would feign an end.
type capped struct {
	most       limits
	r          io.Reader
	read       int64 // bytes
	sinceImage int64 // bytes since the last whole image
}

func (c *capped) Read(p []byte) (int, error) {
	switch {
	case c.read >= c.most.answer:
		return 0, limitError(fmt.Sprintf("it is longer than %d MiB", c.most.answer>>20))
	case c.sinceImage >= c.most.image:
		return 0, limitError(fmt.Sprintf("an image of it is longer than %d MiB", c.most.image>>20))
	}
	n, err := c.r.Read(p)
	c.read += int64(n)
	c.sinceImage += int64(n)
	return n, err
}

// A limitError tells which limit an answer went past.
type limitError string

func (e limitError) Error() string { return string(e) }
