package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// Errors of requests have a spec of their own in lister/engine. This one reads the source of all others.
var _ = Describe("each error text in the source", func() {
	It("of a failure has something to try, or what it wraps has", func() {
		// The usage line follows wrong use, so what these functions make needs no hint.
		wrongUse := []string{
			"lookup", "checkArgs", "parse", "check", "Set", "printCompletion", "ParseSize", // flags and arguments
			"newFormat", "usesOf", // templates
		}
		// What wraps these has a hint.
		causes := []string{
			"stdout is closed", "the sum of the sizes is past 2^63-1 bytes", "not a size", "not a format", "the template fails",
		}

		texts := 0
		for _, folder := range []string{".", "../../lister", "../../lister/format"} {
			paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
			Expect(err).NotTo(HaveOccurred())
			for _, path := range paths {
				if strings.HasSuffix(path, "_test.go") {
					continue
				}
				for _, text := range errorTexts(path, wrongUse) {
					texts++
					hinted := strings.Contains(text, "; try: ") || strings.HasSuffix(text, ": %w")
					Expect(hinted || slices.Contains(causes, text)).To(BeTrue(), "%s: %q ends in nothing to try", path, text)
					Expect(text).NotTo(ContainSubstring("; try: whether"))
				}
			}
		}
		Expect(texts).To(BeNumerically(">", 10))
	})
})

// errorTexts are the texts of the errors that a Go file makes, but for those of some functions.
func errorTexts(path string, but []string) (texts []string) {
	GinkgoHelper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	Expect(err).NotTo(HaveOccurred())
	for _, declaration := range file.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok && slices.Contains(but, f.Name.Name) {
			continue
		}
		ast.Inspect(declaration, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name := fmt.Sprint(call.Fun); name != "&{errors New}" && name != "&{fmt Errorf}" {
				return true
			}
			text := ""
			ast.Inspect(call.Args[0], func(part ast.Node) bool {
				if literal, ok := part.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					value, err := strconv.Unquote(literal.Value)
					Expect(err).NotTo(HaveOccurred())
					text += value
				}
				return true
			})
			texts = append(texts, text)
			return true
		})
	}
	return texts
}
