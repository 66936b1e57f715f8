package format

import (
	"reflect"
	"text/template"
	"text/template/parse"
)

// A plain is a template of nothing but texts and fields, as most are. It is executed without
// text/template, which takes several times as long.
type plain []part

// A part is a text, or a row's field with this name.
type part struct{ text, field string }

// plainOf are the parts of t, or nil where it has others. Those of row are its fields.
func plainOf(t *template.Template, row any) plain {
	fields := reflect.TypeOf(row).Elem()
	var p plain
	for _, node := range t.Root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			p = append(p, part{text: string(n.Text)})
			continue
		case *parse.ActionNode:
			if field, ok := fieldOf(n.Pipe); ok {
				if f, ok := fields.FieldByName(field); ok && f.Type.Kind() == reflect.String {
					p = append(p, part{field: field})
					continue
				}
			}
		}
		return nil
	}
	return p
}

// fieldOf is the name of the field that a pipeline is, if it is one and no more.
func fieldOf(p *parse.PipeNode) (name string, ok bool) {
	if len(p.Decl) > 0 || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return "", false
	}
	n, ok := p.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(n.Ident) != 1 {
		return "", false
	}
	return n.Ident[0], true
}

// of are the texts of p for a row, which change as it does.
func (p plain) of(row any) []*string {
	fields := reflect.ValueOf(row).Elem()
	texts := make([]*string, len(p))
	for i := range p {
		texts[i] = &p[i].text
		if name := p[i].field; name != "" {
			texts[i], _ = fields.FieldByName(name).Addr().Interface().(*string)
		}
	}
	return texts
}
