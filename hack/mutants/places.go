//go:build unix

package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// changes are what a token may become.
func changes(of token.Token) []token.Token {
	return map[token.Token][]token.Token{
		token.ADD: {token.SUB}, token.SUB: {token.ADD},
		token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
		token.INC: {token.DEC}, token.DEC: {token.INC},
		token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
		token.LSS: {token.LEQ, token.GEQ}, token.GEQ: {token.GTR, token.LSS},
		token.GTR: {token.GEQ, token.LEQ}, token.LEQ: {token.LSS, token.GTR},
	}[of]
}

// A place is an expression or a statement with a token that may become another.
type place struct {
	node  ast.Node
	at    token.Pos // of the token
	token token.Token
	typed string // the type of an expression
}

// places are those of a file, each before those that are in it. Constants are not among them: they
// are the same in each run of a program.
func places(file *ast.File, info *types.Info, own *types.Package) []place {
	// A file that calls a package by another name does not build.
	qualifier := func(p *types.Package) string {
		if p == own {
			return ""
		}
		return p.Name()
	}
	var found []place
	add := func(node ast.Node, at token.Pos, tok token.Token) {
		p := place{node: node, at: at, token: tok}
		if expr, ok := node.(ast.Expr); ok {
			t := types.Default(info.TypeOf(expr))
			if basic, ok := t.Underlying().(*types.Basic); ok && basic.Info()&types.IsString != 0 {
				return // texts can only be added
			}
			p.typed = types.TypeString(t, qualifier)
		}
		found = append(found, p)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.GenDecl:
			return n.Tok != token.CONST
		case *ast.ArrayType:
			return false
		case *ast.BinaryExpr:
			add(n, n.OpPos, n.Op)
		case *ast.UnaryExpr:
			if n.Op == token.SUB {
				add(n, n.OpPos, n.Op)
			}
		case *ast.IncDecStmt:
			add(n, n.TokPos, n.Tok)
		}
		return true
	})
	return found
}

// A program is a file that has its mutants.
type program struct {
	fset   *token.FileSet
	source string
	names  []string // of all mutants, by their numbers
}

func (p *program) offset(pos token.Pos) int { return p.fset.Position(pos).Offset }

// with is the file, where each place asks which of its mutants the program is.
func (p *program) with(file *ast.File, places []place) string {
	if len(places) == 0 {
		return p.source
	}
	after := p.offset(file.Name.End())
	return p.source[:after] + fmt.Sprintf("; import active_ %q", activePackage) + p.between(after, len(p.source), places)
}

// between is what is between two offsets, with the places that are there.
func (p *program) between(from, to int, places []place) string {
	var b strings.Builder
	for len(places) > 0 {
		outer, inner := places[0], places[1:]
		for i, other := range inner {
			if other.node.Pos() >= outer.node.End() {
				inner = inner[:i]
				break
			}
		}
		start, end := p.offset(outer.node.Pos()), p.offset(outer.node.End())
		b.WriteString(p.source[from:start])
		b.WriteString(p.choice(start, end, outer, inner))
		from, places = end, places[1+len(inner):]
	}
	return b.String() + p.source[from:to]
}

// choice is a call of a function that does what the place does, or one of its mutants.
func (p *program) choice(start, end int, outer place, inner []place) string {
	returns := ""
	if outer.typed != "" {
		returns = "return "
	}
	var b strings.Builder
	fmt.Fprintf(&b, "func() %s { switch {", outer.typed)
	at := p.offset(outer.at)
	for _, change := range changes(outer.token) {
		mutant := p.source[start:at] + change.String() + p.source[at+len(outer.token.String()):end]
		fmt.Fprintf(&b, " case active_.Is(%d): %s%s;", len(p.names), returns, mutant)
		p.names = append(p.names, p.name(outer.at, change))
	}
	fmt.Fprintf(&b, " default: %s%s } }()", returns, p.between(start, end, inner))
	return b.String()
}

// name names a mutant by its file, what its token becomes, and the line with a » before this token, so
// that it stays the same when lines move.
func (p *program) name(at token.Pos, change token.Token) string {
	position := p.fset.Position(at)
	line := strings.Split(p.source, "\n")[position.Line-1]
	before, after := line[:position.Column-1], line[position.Column-1:]
	return fmt.Sprintf("%s: %s: %s»%s", position.Filename, change, strings.TrimLeft(before, "\t"), after)
}
