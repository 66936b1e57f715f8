package engine_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// agree tells that our scanner takes b, and a space after it, exactly if Go's own takes b, and that it
// wants more of all that b may begin with.
func agree(b []byte) bool {
	valid := jsontext.Value(b).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	trimmed := bytes.Trim(b, " \t\r\n")
	taken := engine.Scan(append(bytes.Clone(trimmed), ' ')) == len(trimmed) && len(trimmed) > 0
	if valid {
		for i := range trimmed {
			if engine.Scan(trimmed[:i]) != engine.Short {
				return false
			}
		}
	}
	return valid == taken
}

func jsonSeeds() []string {
	return []string{
		`{}`, `[]`, `[[],{}]`, `{"a":1,"a":[true,false,null]}`, ` { "a" : [ 1 , 2 ] } `, `"\ud800\u00e9\"\\\/\b\f\n\r\t"`, "\"\xff\"", `"a long text of more than eight bytes"`,
		`0`, `-0`, `-1.5e+10`, `1E5`, `1.0`, `01`, `-`, `1.`, `.5`, `1e`, `+1`, `0x1`, `{`, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `[,1]`, `[1 2]`, `{1:2}`, `{"a" 1}`,
		`"`, `"a`, `"\x"`, `"\u12"`, `"\u12g4"`, `"\u09af\uAF90"`, `"\u00/0"`, `"\u00:0"`, "\"\\u00`0\"", `-9.90e-09`, "\"a\nb\"", "\"12345678\x00\"", `tru`, `truE`, `nul`, `nulls`, `]`, `}`, `:`, `,`, ``, `[}`, `{]`, `[]]`, "\u00a01", "\ufeff1",
	}
}

var _ = Describe("our scanner of JSON", func() {
	It("takes what Go's own takes", func() {
		for _, seed := range jsonSeeds() {
			Expect(agree([]byte(seed))).To(BeTrue(), seed)
		}
	})

	It("sees whatever is in a text, wherever it is", func() {
		for at := range 20 {
			for c := range 256 {
				for _, filler := range []string{"n", "!"} { // with n, a backslash is an escape
					text := `"` + strings.Repeat(filler, at) + string([]byte{byte(c)}) + strings.Repeat(filler, 20-at) + `"`
					Expect(agree([]byte(text))).To(BeTrue(), "%q", text)
				}
			}
		}
	})

	It("takes as deep a nesting", func() {
		for _, depth := range []int{9999, 10000, 10001} {
			for _, pair := range []string{"[]", `{"a":}`} {
				text := strings.Repeat(pair[:len(pair)-1], depth) + "1" + strings.Repeat(pair[len(pair)-1:], depth)
				valid := jsontext.Value(text).IsValid()
				taken := engine.Scan([]byte(text)) == len(text)
				Expect(taken).To(Equal(valid), "%d of %s", depth, pair)
			}
		}
	})
})

// FuzzScan looks for JSON that our scanner and Go's own do not agree on.
func FuzzScan(f *testing.F) {
	for _, seed := range jsonSeeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !agree(b) {
			t.Fatalf("%q", b)
		}
	})
}
