package engine

import (
	"fmt"
	"io"
)

// limits are what an answer may have at most, so that no engine can exhaust this machine's memory,
// nor fill a disk with the listing. What is held of an answer are its rows: about 100 bytes for each
// name beside the name itself. One image is held as it came.
type limits struct {
	answer  int64 // bytes
	image   int64 // bytes of one image
	name    int   // bytes of one name
	names   int64 // images, tags and digests together,
	perName int64 // and one more for so many bytes of the answer
}

// generous limits are far beyond any engine's answer: a million images take about 600 MB, and no
// reference has more than 384 bytes.
func generous() limits {
	return limits{answer: 1 << 30, image: 64 << 20, name: 1 << 10, names: 250_000, perName: 100}
}

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

// checkNames fails where so many names are more than an answer of this length may have.
func (c *capped) checkNames(names int64) error {
	if most := c.most.names + c.read/c.most.perName; names > most {
		return limitError(fmt.Sprintf("it has more than %d names", most))
	}
	return nil
}

// A limitError tells which limit an answer went past.
type limitError string

func (e limitError) Error() string { return string(e) }
