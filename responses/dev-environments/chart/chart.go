// Package chart holds the chart of an environment, and what its schema lets a person choose.
package chart

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
)

//go:embed Chart.yaml values.yaml values.schema.json all:templates
var files embed.FS

// Load returns the chart that is part of the program.
func Load() (*chart.Chart, error) {
	var buffered []*loader.BufferedFile
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := files.ReadFile(path)
		buffered = append(buffered, &loader.BufferedFile{Name: path, Data: content})
		return err
	})
	if err != nil {
		return nil, err
	}
	return loader.LoadFiles(buffered)
}

// Field is one thing that a person chooses: a flag of `devenv launch`, a field of the page's form.
type Field struct {
	Name        string   // of the flag and of the form's field
	Path        []string // where the value stands in the chart's values
	Title       string
	Description string
	Type        string   // integer, boolean, array, or text
	Choices     []string // of an enum, as text
	Minimum     int
	Maximum     int
	Pattern     string // of a string, or of an array's items
	Default     string // as text; an array's with spaces between
}

// Fields returns what the schema offers, in its order: each property that has a title and an `x-flag`.
func Fields() ([]Field, error) {
	var schema, values yaml.Node
	for name, node := range map[string]*yaml.Node{"values.schema.json": &schema, "values.yaml": &values} {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := yaml.Unmarshal(content, node); err != nil { // JSON is YAML, and a Node keeps the order
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	var fields []Field
	return fields, walk(schema.Content[0], values.Content[0], nil, &fields)
}

func walk(schema, values *yaml.Node, path []string, fields *[]Field) error {
	properties := get(schema, "properties")
	for i := 0; properties != nil && i < len(properties.Content); i += 2 {
		name, property := properties.Content[i].Value, properties.Content[i+1]
		at := append(append([]string{}, path...), name)
		value := get(values, name)
		if flag := get(property, "x-flag"); flag != nil {
			field, err := field(property, value)
			if err != nil {
				return fmt.Errorf("%s: %w", strings.Join(at, "."), err)
			}
			field.Name, field.Path = flag.Value, at
			*fields = append(*fields, field)
		}
		if err := walk(property, value, at, fields); err != nil {
			return err
		}
	}
	return nil
}

func field(property, value *yaml.Node) (Field, error) {
	var decoded struct {
		Title, Description, Type, Pattern string
		Enum                              []string
		Minimum, Maximum                  int
		Items                             struct{ Pattern string }
	}
	if err := property.Decode(&decoded); err != nil {
		return Field{}, err
	}
	f := Field{
		Title: decoded.Title, Description: decoded.Description, Type: decoded.Type, Choices: decoded.Enum,
		Minimum: decoded.Minimum, Maximum: decoded.Maximum, Pattern: decoded.Pattern + decoded.Items.Pattern,
	}
	if value != nil && value.Kind == yaml.ScalarNode {
		f.Default = value.Value
		if f.Type == "" { // of an enum: its default's
			f.Type = map[string]string{"!!int": "integer", "!!bool": "boolean"}[value.Tag]
		}
	}
	return f, nil
}

func get(node *yaml.Node, key string) *yaml.Node {
	for i := 0; node != nil && node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}

// Parse turns the text of a flag or a form into the value that the chart wants. What it cannot read stays text: the schema says why.
func (f Field) Parse(texts ...string) any {
	text := strings.Join(texts, " ")
	switch f.Type {
	case "array":
		list := []any{}
		for _, item := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' || r == '\r' }) {
			list = append(list, item)
		}
		return list
	case "integer", "boolean":
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			return text
		}
		if number, ok := value.(int); ok {
			return float64(number) // as JSON has it
		}
		return value
	}
	return text
}

// Text is what Parse would have been given for the value that an environment has.
func (f Field) Text(values map[string]any) string {
	var value any = values
	for _, key := range f.Path {
		inner, ok := value.(map[string]any)
		if !ok {
			return ""
		}
		value = inner[key]
	}
	switch value := value.(type) {
	case nil:
		return ""
	case []any:
		return strings.Trim(fmt.Sprint(value), "[]")
	}
	return fmt.Sprint(value)
}
