package lister

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// hashes hold image IDs and digests: those of the usual form in their 32 bytes.
type hashes struct {
	usual chunks[[32]byte]
	odd   chunks[text]
	texts texts // of the odd ones
}

// A hash is one of hashes by its number. The odd ones count from isOdd.
type hash uint32

const (
	isOdd      = 1 << 31
	sha256     = "sha256:"
	hashLength = len(sha256) + 64
)

func (h *hashes) add(s string) hash {
	if bits, ok := parseHash(s); ok {
		return hash(h.usual.add(bits))
	}
	return hash(isOdd | h.odd.add(h.texts.add(s)))
}

// take adds one of others.
func (h *hashes) take(others *hashes, of hash) hash {
	if of&isOdd != 0 {
		return hash(isOdd | h.odd.add(h.texts.add(others.oddText(of))))
	}
	return hash(h.usual.add(*others.usual.at(uint32(of))))
}

// get is the text of a hash, made by w where it is not held.
func (h *hashes) get(of hash, w *hashWriter) string {
	if of&isOdd != 0 {
		return h.oddText(of)
	}
	return w.text(h.usual.at(uint32(of)))
}

func (h *hashes) oddText(of hash) string { return h.texts.get(*h.odd.at(uint32(of &^ isOdd))) }

// sum is a number that equal hashes have in common, and others hardly.
func (h *hashes) sum(of hash) uint32 {
	if of&isOdd != 0 {
		return 0
	}
	bits := h.usual.at(uint32(of))
	return binary.LittleEndian.Uint32(bits[:]) ^ binary.LittleEndian.Uint32(bits[28:])
}

// is reports whether a hash has this text.
func (h *hashes) is(of hash, text string) bool {
	if of&isOdd != 0 {
		return h.oddText(of) == text
	}
	bits, ok := parseHash(text)
	return ok && bits == *h.usual.at(uint32(of))
}

// compare orders hashes as their texts.
func (h *hashes) compare(a, b hash) int {
	if a|b < isOdd {
		return bytes.Compare(h.usual.at(uint32(a))[:], h.usual.at(uint32(b))[:])
	}
	var one, other [hashLength]byte
	return bytes.Compare(h.appendText(one[:0], a), h.appendText(other[:0], b))
}

func (h *hashes) appendText(b []byte, of hash) []byte {
	if of&isOdd != 0 {
		return append(b, h.oddText(of)...)
	}
	return appendHash(b, h.usual.at(uint32(of)))
}

// appendShort appends the short form of a hash, as [Tag.ShortID] has it.
func (h *hashes) appendShort(b []byte, of hash) []byte {
	if of&isOdd != 0 {
		return append(b, shortID(h.oddText(of))...)
	}
	return hex.AppendEncode(b, h.usual.at(uint32(of))[:shortDigits/2])
}

// parseHash is the inverse of [appendHash].
func parseHash(s string) (bits [32]byte, ok bool) {
	digits, found := strings.CutPrefix(s, sha256)
	if !found || len(digits) != 2*len(bits) {
		return bits, false
	}
	var odd byte
	for i := range bits {
		high, oddHigh := hexDigit(digits[2*i])
		low, oddLow := hexDigit(digits[2*i+1])
		bits[i] = high<<4 | low
		odd |= oddHigh | oddLow
	}
	return bits, odd == 0
}

// hexDigit is the value of a digit in lower case; of what is none, odd is not 0. It has no branches, as
// no processor foresees the digits of a hash.
func hexDigit(c byte) (value, odd byte) {
	value = (c&0xf + c>>6*9) & 0xf
	return value, "0123456789abcdef"[value] ^ c
}

func appendHash(b []byte, bits *[32]byte) []byte {
	return hex.AppendEncode(append(b, sha256...), bits[:])
}

// A hashWriter writes hashes, many to an allocation.
type hashWriter struct{ room *strings.Builder }

func (w *hashWriter) text(bits *[32]byte) string {
	const many = 64
	if w.room == nil || w.room.Cap()-w.room.Len() < hashLength {
		w.room = &strings.Builder{}
		w.room.Grow(many * hashLength)
	}
	var text [hashLength]byte
	start := w.room.Len()
	w.room.Write(appendHash(text[:0], bits))
	return w.room.String()[start:]
}
