package format

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// usesOf are the fields, out of those known, that a template names, wherever they stand: executing
// the template would tell only of the branches that are taken. Where the template takes the row as a
// whole, they have "". It fails on a field that is not known.
func usesOf(t *template.Template, known []string) ([]string, error) {
	var uses []string
	for _, tree := range t.Templates() {
		if tree.Tree != nil {
			walk(tree.Root, func(names []string) {
				if len(names) == 0 {
					names = []string{""}
				}
				uses = append(uses, names...)
			})
		}
	}
	for _, name := range uses {
		if name != "" && !slices.Contains(known, name) {
			return nil, fmt.Errorf("no field .%s: there are .%s", name, strings.Join(known, ", ."))
		}
	}
	return uses, nil
}

// NamesImages tells by which fields a line names an image without saying of which engine it is; "": it
// names none, or says it.
func (f Format) NamesImages() string {
	if f.makes("Context") {
		return ""
	}
	for _, name := range []string{"Reference", "ID", "Digest"} {
		if f.uses[name] {
			return "{{." + name + "}}"
		}
	}
	if f.uses["Repository"] && f.uses["Tag"] {
		return "{{.Repository}} and {{.Tag}}"
	}
	return ""
}

// walk tells field of each chain of names below node, none of them for the row as a whole. A row's
// fields are texts and have no fields of their own, so each name is a field of the row.
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
