package format

import (
	"fmt"
	"reflect"
	"strings"
	"text/template"
	"text/template/parse"
)

// checkFields refuses a template that names a field that row does not have, wherever it stands:
// executing the template would tell only of the branches that are taken.
func checkFields(t *template.Template, row any) error {
	known := map[string]bool{}
	var names []string
	for _, field := range reflect.VisibleFields(reflect.TypeOf(row)) {
		if field.IsExported() {
			known[field.Name] = true
			names = append(names, "."+field.Name)
		}
	}
	for _, tree := range t.Templates() {
		if tree.Tree == nil {
			continue
		}
		for _, name := range fieldsOf(tree.Root) {
			if !known[name] {
				return fmt.Errorf("no field .%s: there are %s", name, strings.Join(names, ", "))
			}
		}
	}
	return nil
}

// fieldsOf are the fields of the row that node names. A row's fields are texts and have no fields
// of their own, so each field is the row's.
func fieldsOf(node parse.Node) []string {
	if node == nil || reflect.ValueOf(node).IsNil() {
		return nil
	}
	var nodes []parse.Node
	switch n := node.(type) {
	case *parse.FieldNode:
		return n.Ident
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
	case *parse.ChainNode:
		return append(fieldsOf(n.Node), n.Field...)
	case *parse.IfNode:
		nodes = []parse.Node{n.Pipe, n.List, n.ElseList}
	case *parse.RangeNode:
		nodes = []parse.Node{n.Pipe, n.List, n.ElseList}
	case *parse.WithNode:
		nodes = []parse.Node{n.Pipe, n.List, n.ElseList}
	}
	var names []string
	for _, n := range nodes {
		names = append(names, fieldsOf(n)...)
	}
	return names
}
