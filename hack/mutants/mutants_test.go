//go:build unix

package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestMutants(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "hack/mutants")
}

// mutants are those of a file, and its source with them.
func mutants(source string) (text string, names []string) {
	GinkgoHelper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", source, parser.ParseComments)
	Expect(err).NotTo(HaveOccurred())
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	own, err := (&types.Config{Importer: importer.Default()}).Check("a", fset, []*ast.File{file}, info)
	Expect(err).NotTo(HaveOccurred())
	p := program{fset: fset, source: source, names: []string{"none"}}
	text = p.with(file, places(file, info, own))
	return text, p.names[1:]
}

var _ = Describe("a program's mutants", func() {
	DescribeTable("are", func(line string, want ...string) {
		_, names := mutants("package a\n\nfunc f(a, b int, s string) (ok bool) {\n\t" + line + "\n\treturn ok\n}\n")
		Expect(names).To(ConsistOf(want))
	},
		Entry(nil, "ok = a < b", "a.go: <=: ok = a »< b", "a.go: >=: ok = a »< b"),
		Entry(nil, "ok = s != s", `a.go: ==: ok = s »!= s`),
		Entry(nil, "a++", "a.go: --: a»++"),
		Entry(nil, "a = -b", "a.go: +: a = »-b"),
		Entry(nil, "a = b*a - 1", "a.go: /: a = b»*a - 1", "a.go: +: a = b*a »- 1"),
		Entry("not of texts, which can only be added", `s = s + s`),
		Entry("not of constants", "const c = 1 + 2; a = c"),
		Entry("not of an array's length", "_ = [1 + 2]int{}"),
	)

	It("are asked for where they are, and leave the rest as it is", func() {
		text, _ := mutants("package a\n\nfunc f(a, b int) bool { return a+1 == b /* why */ }\n")
		Expect(text).To(Equal("package a; import active_ \"" + activePackage + "\"\n\nfunc f(a, b int) bool { return " +
			"func() bool { switch { case active_.Is(1): return a+1 != b; default: return " +
			"func() int { switch { case active_.Is(2): return a-1; default: return a+1 } }() == b } }()" +
			" /* why */ }\n"))
	})
})

var _ = Describe("the list of equal mutants", func() {
	only := func(mutant string) map[string]bool { return map[string]bool{mutant: true} }

	It("is right where just they are missed", func() { Expect(compare(only("a"), only("a"))).To(Succeed()) })
	It("is short where others are missed", func() {
		Expect(compare(only("a"), nil)).To(MatchError("no spec notices:\na"))
	})
	It("is long where specs fail on them", func() {
		Expect(compare(nil, only("b"))).To(MatchError(ContainSubstring("specs fail on it, or it is not there:\nb")))
	})
})
