package engine

import "fmt"

// An input is an answer that is being read.
type input struct {
	capped
	bytes []byte // those read and not yet done with
	at    int    // where the next is
	done  int64  // bytes before these
	err   error  // what reading ended with
}

// peek is the next byte that is no white space, at i.at. Its error is io.EOF at the end.
func (i *input) peek() (byte, error) {
	for {
		c, at := next(i.bytes, i.at)
		if i.at = at; at < len(i.bytes) {
			return c, nil
		}
		if err := i.more(); err != nil {
			return 0, err
		}
	}
}

// more reads at least one byte, and as many as there are already, so that whoever looks at these again
// does not do so too often.
func (i *input) more() error {
	if i.err != nil {
		return i.err
	}
	const room = 64 << 10
	left := copy(i.bytes, i.bytes[i.at:])
	i.done += int64(i.at)
	i.bytes, i.at = i.bytes[:left], 0
	if len(i.bytes) > cap(i.bytes)/2 || cap(i.bytes) == 0 {
		i.bytes = append(make([]byte, 0, max(room, 2*cap(i.bytes))), i.bytes...)
	}
	for i.err == nil && len(i.bytes) < max(2*left, 1) {
		var n int
		n, i.err = i.Read(i.bytes[len(i.bytes):cap(i.bytes)])
		i.bytes = i.bytes[:len(i.bytes)+n]
	}
	if len(i.bytes) > left {
		return nil
	}
	return i.err
}

// wrong tells that what is not what it should be, where c is next.
func (i *input) wrong(c byte, what, want string) error {
	if kind := kindOfJSON(c); kind != "" {
		return fmt.Errorf("%s is %s and not %s", what, kind, want)
	}
	return i.notJSON(i.at)
}

// notJSON tells where the answer is no JSON.
func (i *input) notJSON(at int) error {
	return fmt.Errorf("it is not JSON from byte %d on, %.20q", i.done+int64(at), i.bytes[at:])
}
