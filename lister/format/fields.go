package format

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A usage is what a template names anywhere: fields (".Tag"), the whole row (".") and functions ("upper").
// Executing it would show only the branches that are taken.
type usage map[string]bool

const wholeRow = "."

// usageOf fails on a field that is no column.
func usageOf(t *template.Template, columns []lister.Column) (usage, error) {
	used := usage{}
	for _, tree := range t.Templates() {
		if tree.Tree != nil {
			used.add(reflect.ValueOf(tree.Root))
		}
	}
	var fields []string
	for _, c := range columns {
		fields = append(fields, "."+c.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if name[0] == '.' && name != wholeRow && !slices.Contains(fields, name) {
			return nil, fmt.Errorf("no field %s: there are %s", name, strings.Join(fields, ", "))
		}
	}
	return used, nil
}

// canFail reports whether the template may fail on some rows. One that only prints fields, in upper or
// lower case, say, cannot.
func (u usage) canFail() bool {
	for name := range u {
		if name[0] != '.' && !slices.Contains([]string{"json", "lower", "title", "upper"}, name) {
			return true
		}
	}
	return u[".Reference"]
}

// add adds what the nodes at value and below it name.
func (u usage) add(value reflect.Value) {
	switch value.Kind() {
	case reflect.Interface, reflect.Pointer:
		if node, ok := value.Interface().(parse.Node); ok && !value.IsNil() {
			u.addNode(node)
			u.add(value.Elem())
		}
	case reflect.Slice:
		for i := range value.Len() {
			u.add(value.Index(i))
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if f := value.Type().Field(i); f.IsExported() && f.Name != "Decl" { // the variables that a pipeline sets
				u.add(value.Field(i))
			}
		}
	}
}

// addNode adds what a node itself names. A row's fields are texts, which have no fields, so each name of
// a chain such as .Tag.Nope has to be a field of the row.
func (u usage) addNode(node parse.Node) {
	var fields []string
	switch n := node.(type) {
	case *parse.IdentifierNode:
		u[n.Ident] = true
	case *parse.DotNode:
		u[wholeRow] = true
	case *parse.FieldNode:
		fields = n.Ident
	case *parse.ChainNode:
		fields = n.Field
	case *parse.VariableNode: // "$", "$.Tag", "$x"
		fields = n.Ident[1:]
		if len(fields) == 0 {
			u[wholeRow] = true
		}
	}
	for _, name := range fields {
		u["."+name] = true
	}
}
