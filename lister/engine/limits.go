package engine

import (
	"fmt"
	"io"
)

// limits are the most that an answer may have, so that no engine can exhaust this machine's memory,
// nor fill a disk with the listing. An answer costs its rows in memory: about 200 bytes for each name
// beside the name itself, and a few times the length of the image that is being read. So the peak is
// at most 3 times the answer, and 64 MiB.
type limits struct {
	answer  int64 // bytes
	image   int64 // bytes of one image
	name    int   // bytes of one name
	invalid int64 // invalid bytes in names, which are shown escaped
	names   int64 // images, tags and digests together,
	perName int64 // and one more for this number of bytes of the answer
	pairs   int64 // of a tag and a digest of its image, for each name that there may be
}

// generous limits are far beyond any engine's answer: a million images take about 600 MB, and no
// reference has more than 384 bytes.
func generous() limits {
	return limits{answer: 1 << 30, image: 8 << 20, name: 1 << 10, invalid: 8 << 20, names: 250_000, perName: 100, pairs: 4}
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

// A tally counts what an answer has of what is limited.
type tally struct{ names, pairs, invalid int64 }

func (t *tally) add(name string) {
	t.names++
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' || c == '#' {
			t.invalid++
		}
	}
}

// check fails where the tally is more than an answer of this length may have.
func (c *capped) check(t tally) error {
	names := c.most.names + c.read/c.most.perName
	switch {
	case t.names > names:
		return limitError(fmt.Sprintf("it has more than %d names", names))
	case t.pairs > names*c.most.pairs:
		return limitError(fmt.Sprintf("its images have more than %d pairs of a tag and a digest", names*c.most.pairs))
	case t.invalid > c.most.invalid:
		return limitError(fmt.Sprintf("its names hold more than %d MiB of invalid characters", c.most.invalid>>20))
	}
	return nil
}

// A limitError names the limit that an answer exceeds.
type limitError string

func (e limitError) Error() string { return string(e) }
