package format

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// fieldsOf returns the fields, out of those known, that a template names anywhere: executing the
// template would show only the branches that are taken. Where it takes the row as a whole, wholeRow is
// among them. It fails on an unknown field.
func fieldsOf(t *template.Template, known []string) (map[string]bool, error) {
	fields := map[string]bool{}
	for _, tree := range t.Templates() {
		if tree.Tree != nil {
			walk(tree.Root, func(names []string) {
				if len(names) == 0 {
					names = []string{wholeRow}
				}
				for _, name := range names {
					fields[name] = true
				}
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if name != wholeRow && !slices.Contains(known, name) {
			return nil, fmt.Errorf("no field .%s: there are .%s", name, strings.Join(known, ", ."))
		}
	}
	return fields, nil
}

// walk calls field with each chain of names below node, which is empty for the row as a whole. A row's
// fields are texts, which have no fields, so each name is a field of the row.
func walk(node parse.Node, field func(names []string)) {
	if node == nil || reflect.ValueOf(node).IsNil() {
		return
	}
	var nodes []parse.Node
	switch n := node.(type) {
	case *parse.DotNode:
		field(nil)
	case *parse.FieldNode:
		field(n.Ident)
	case *parse.VariableNode: // "$", "$.Tag", "$x"
		field(n.Ident[1:])
	case *parse.ChainNode:
		field(n.Field)
		nodes = []parse.Node{n.Node}
	case *parse.ListNode:
		nodes = n.Nodes
	case *parse.ActionNode:
		nodes = []parse.Node{n.Pipe}
	case *parse.TemplateNode:
		nodes = []parse.Node{n.Pipe}
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			nodes = append(nodes, c)
		}
	case *parse.CommandNode:
		nodes = n.Args
	case *parse.IfNode:
		nodes = []parse.Node{n.Pipe, n.List, n.ElseList}
	case *parse.RangeNode:
		nodes = []parse.Node{n.Pipe, n.List, n.ElseList}
	case *parse.WithNode:
		nodes = []parse.Node{n.Pipe, n.List, n.ElseList}
	}
	for _, n := range nodes {
		walk(n, field)
	}
}

// canFail reports whether the template may fail on some rows: unless it does no more than print fields,
// in upper or lower case, say, it may.
func canFail(t *template.Template) bool {
	for _, node := range t.Root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode, *parse.CommentNode:
		case *parse.ActionNode:
			if slices.ContainsFunc(n.Pipe.Cmds, func(c *parse.CommandNode) bool { return slices.ContainsFunc(c.Args, argCanFail) }) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func argCanFail(node parse.Node) bool {
	switch n := node.(type) {
	case *parse.DotNode:
		return false
	case *parse.FieldNode:
		return n.Ident[0] == "Reference"
	case *parse.IdentifierNode:
		return !slices.Contains([]string{"json", "lower", "title", "upper"}, n.Ident)
	}
	return true
}
