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

// A usage is what a template names anywhere: executing it would show only the branches that are taken.
type usage struct {
	fields    map[string]bool // of the row; wholeRow: the row as a whole
	functions map[string]bool
}

// usageOf fails on a field that is not known.
func usageOf(t *template.Template, known []string) (usage, error) {
	u := usage{map[string]bool{}, map[string]bool{}}
	for _, tree := range t.Templates() {
		if tree.Tree != nil {
			u.add(reflect.ValueOf(tree.Root))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(u.fields)) {
		if name != wholeRow && !slices.Contains(known, name) {
			return u, fmt.Errorf("no field .%s: there are .%s", name, strings.Join(known, ", ."))
		}
	}
	return u, nil
}

// canFail reports whether the template may fail on some rows. One that only prints fields, in upper or
// lower case, say, cannot.
func (u usage) canFail() bool {
	for name := range u.functions {
		if !slices.Contains([]string{"json", "lower", "title", "upper"}, name) {
			return true
		}
	}
	return u.fields["Reference"]
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
	var names []string
	switch n := node.(type) {
	case *parse.IdentifierNode:
		u.functions[n.Ident] = true
	case *parse.DotNode:
		names = []string{wholeRow}
	case *parse.FieldNode:
		names = n.Ident
	case *parse.ChainNode:
		names = n.Field
	case *parse.VariableNode: // "$", "$.Tag", "$x"
		if names = n.Ident[1:]; len(names) == 0 {
			names = []string{wholeRow}
		}
	}
	for _, name := range names {
		u.fields[name] = true
	}
}
