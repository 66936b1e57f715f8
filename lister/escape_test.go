package lister_test

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/text/unicode/runenames"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("text from outside", func() {
	DescribeTable("is made safe to print", func(text, want string) {
		Expect(lister.Escape(text)).To(Equal(want))
		Expect(lister.Escape(want)).To(Equal(want), "once is enough")
	},
		Entry("plain", "plain text, 100%", "plain text, 100%"),
		Entry("letters of all scripts", "äß漢字e\u0301", "äß漢字e\u0301"),
		Entry("escape", "\x1b[31m", `\x1b[31m`),
		Entry("a control character alone", "\x1b", `\x1b`),
		Entry("a hash alone", "#", `\x23`),
		Entry("the last of 16 bits", "\uffff", `\uffff`),
		Entry("a line", "a\nb\r\n\tc", `a\x0ab\x0d\x0a\x09c`),
		Entry("NUL and DEL", "\x00\x7f", `\x00\x7f`),
		Entry("C1", "\u009b31m", `\u009b31m`),
		Entry("line and paragraph separators", "\u2028\u2029", `\u2028\u2029`),
		Entry("bidirectional overrides", "\u202egpj.exe\u2066\u200f", `\u202egpj.exe\u2066\u200f`),
		Entry("zero width", "a\u200bb\ufeff", `a\u200bb\ufeff`),
		Entry("other spaces", "\u00a0\u3000", `\u00a0\u3000`),
		Entry("beyond 16 bits", "\U000e0001", `\U000e0001`),
		Entry("invalid UTF-8", "a\xffb\xc3", `a\xffb\xc3`),
		Entry("what stands for invalid UTF-8", "\ufffd", `\ufffd`),
		Entry("a command to a CI runner", "::error ::x", `\x3a:error ::x`),
		Entry("one behind spaces", "  ::error ::x", `  \x3a:error ::x`),
		Entry("an older one, anywhere", "a ##[error]x", `a \x23\x23[error]x`),
		Entry("colons elsewhere", "tcp://[::1]:2375", "tcp://[::1]:2375"),
		Entry("letters that are blank", "a\u3164\u115f\u1160\uffa0", `a\u3164\u115f\u1160\uffa0`),
		Entry("marks that are blank", "a\u034f\ufe0f\U000e0100", `a\u034f\ufe0f\U000e0100`),
		Entry("symbols that are blank", "a\u2800\U0001d159", `a\u2800\U0001d159`),
		Entry("a mark on nothing", "\u0301a", `\u0301a`),
		Entry("a mark on a space", "a \u0301", `a \u0301`),
		Entry("a mark on what is escaped", "\x1b\u0301\u0302", `\x1b\u0301\u0302`),
		Entry("a mark on a sign of punctuation, which it would hide", "a/\u0338b", `a/\u0338b`),
		Entry("marks on a letter, a digit and a symbol", "e\u0301\u0302 1\u20e3 漢\u3099", "e\u0301\u0302 1\u20e3 漢\u3099"),
	)

	It("shows no rune that Unicode calls ignorable, blank or a filler", func() {
		for r := rune(0); r <= unicode.MaxRune; r++ {
			words := strings.FieldsFunc(runenames.Name(r), func(r rune) bool { return r == ' ' || r == '-' })
			blank := slices.Contains(words, "BLANK") || slices.Contains(words, "FILLER") || strings.HasSuffix(runenames.Name(r), "NULL NOTEHEAD")
			inked := unicode.IsPunct(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && r < 0x13000 ||
				runenames.Name(r) == "BLANK SYMBOL" // a b with a stroke, and gap fillers, which are lines
			ignorable := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Cf)
			if ignorable || blank && !inked {
				Expect(lister.Escape("a"+string(r))).To(MatchRegexp(`^a\\[uU][0-9a-f]+$`), "%U %s", r, runenames.Name(r))
			}
		}
	})

	It("stays the same text in JSON", func() {
		for _, text := range []string{"##[error]x", "a\u200b\u3164", "\U000e0100", "\uffff", "\x7f\u009b", "\u0301", "漢字", `\x23`, ":"} {
			line, err := json.Marshal(text)
			Expect(err).NotTo(HaveOccurred())
			safe := lister.EscapeJSON(string(line))
			Expect(safe).To(Equal(lister.Escape(safe)), "nothing is left to escape")
			var got string
			Expect(json.Unmarshal([]byte(safe), &got)).To(Succeed())
			Expect(got).To(Equal(text))
		}
	})

	DescribeTable("in a cell, which a template may cut anywhere, begins no command", func(ctx SpecContext, reference, want string) {
		Expect(list(ctx, images{tagged('1', 0, 0, reference)}, lister.Filter{})[0].Repository).To(Equal(want))
	},
		Entry("at the start", "::error::x/a", `\x3a\x3aerror:\x3ax/a`),
		Entry("within", "a/::error::x/b", `a/:\x3aerror:\x3ax/b`),
		Entry("an address", "[fe80::1]:5000/a", "[fe80::1]:5000/a"),
		Entry("what looks like an address", "[::error::/a", `[::error:\x3a/a`),
		Entry("behind an address", "[::1]::error::x/a", `[::1]:\x3aerror:\x3ax/a`),
		Entry("an older one", "##[group]/a", `\x23\x23[group]/a`),
	)
})
