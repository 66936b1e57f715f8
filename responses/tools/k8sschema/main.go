// Command k8sschema turns Kubernetes' own OpenAPI document (swagger.json) into the strict JSON schemas that kubeconform reads: one
// self-contained file for each kind. Folders with CustomResourceDefinitions (YAML) may follow; their kinds are added.
//
// "Strict" means what the API server means with fieldValidation=Strict: a field that the document does not know is an error. The
// document has no such rule, so it is added here.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

const (
	refPrefix = "#/definitions/"
	kindKey   = "x-kubernetes-group-version-kind"
)

type object = map[string]any

func main() {
	if len(os.Args) < 3 {
		log.Fatalln("usage: k8sschema SWAGGER.json OUTPUT_DIR [CRD_DIR...]")
	}
	var doc struct{ Definitions map[string]object }
	read(os.Args[1], &doc)
	for _, folder := range os.Args[3:] {
		files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
		if must(err); len(files) == 0 {
			log.Fatalln(folder, "has no definitions of custom resources")
		}
		for _, file := range files {
			addCRD(file, doc.Definitions)
		}
	}
	for name, def := range doc.Definitions {
		tighten(name, def)
	}
	for _, def := range doc.Definitions {
		// DeleteOptions and WatchEvent belong to every group: never written as manifests.
		if list, _ := def[kindKey].([]any); len(list) == 1 {
			writeSchema(os.Args[2], list[0].(object), def, doc.Definitions)
		}
	}
}

func must(err error) {
	if err != nil {
		log.Fatalln("k8sschema:", err)
	}
}

func read(file string, into any) {
	data, err := os.ReadFile(file)
	must(err)
	must(yaml.Unmarshal(data, into))
}

// addCRD adds the kind of a CustomResourceDefinition to the definitions, once for each version that is served.
func addCRD(file string, defs map[string]object) {
	var crd struct {
		Spec struct {
			Group    string
			Names    struct{ Kind string }
			Versions []struct {
				Name   string
				Served bool
				Schema struct{ OpenAPIV3Schema object }
			}
		}
	}
	read(file, &crd)
	for _, version := range crd.Spec.Versions {
		schema := version.Schema.OpenAPIV3Schema
		if properties, ok := schema["properties"].(object); ok && version.Served {
			properties["metadata"] = object{"$ref": refPrefix + "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
			schema[kindKey] = []any{object{"group": crd.Spec.Group, "version": version.Name, "kind": crd.Spec.Names.Kind}}
			defs[file+" "+version.Name] = schema
		}
	}
}

// tighten closes every object that lists its properties, and lets a quantity and an int-or-string be a number, too.
func tighten(name string, schema object) {
	switch {
	case strings.HasSuffix(name, "api.resource.Quantity"):
		schema["type"] = []string{"string", "number"}
		return
	case schema["format"] == "int-or-string", schema["x-kubernetes-int-or-string"] == true:
		delete(schema, "format")
		schema["type"] = []string{"string", "integer"}
		return
	}
	// Other formats (byte, date-time, double) are OpenAPI's, not JSON schema's.
	delete(schema, "format")
	if props, ok := schema["properties"].(object); ok {
		if _, open := schema["additionalProperties"]; !open && schema["x-kubernetes-preserve-unknown-fields"] != true {
			schema["additionalProperties"] = false
		}
		for _, p := range props {
			tighten("", p.(object))
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if inner, ok := schema[key].(object); ok {
			tighten("", inner)
		}
	}
}

// writeSchema writes one kind's schema with all definitions that it refers to.
func writeSchema(dir string, kind, schema object, defs map[string]object) {
	needed := map[string]object{}
	collect(schema, defs, needed)
	apiVersion := strings.TrimPrefix(fmt.Sprintf("%v/%v", kind["group"], kind["version"]), "/")
	root := maps.Clone(schema)
	props := maps.Clone(root["properties"].(object))
	props["apiVersion"] = object{"const": apiVersion}
	props["kind"] = object{"const": kind["kind"]}
	required, _ := root["required"].([]any)
	root["properties"] = props
	root["required"] = append([]any{"apiVersion", "kind"}, required...)
	root["definitions"] = needed

	data, err := json.Marshal(root)
	must(err)
	// kubeconform takes the text before the slash of apiVersion for the group: "v1" for core kinds.
	group, _, _ := strings.Cut(apiVersion, "/")
	file := strings.ToLower(fmt.Sprintf("%v_%v.json", kind["kind"], kind["version"]))
	must(os.MkdirAll(filepath.Join(dir, group), 0o755))
	must(os.WriteFile(filepath.Join(dir, group, file), data, 0o644))
}

// collect gathers the definitions that schema refers to, directly or not.
func collect(node any, defs, into map[string]object) {
	switch v := node.(type) {
	case object:
		if ref, ok := v["$ref"].(string); ok {
			name := strings.TrimPrefix(ref, refPrefix)
			if _, done := into[name]; !done {
				into[name] = defs[name]
				collect(defs[name], defs, into)
			}
		}
		for _, inner := range v {
			collect(inner, defs, into)
		}
	case []any:
		for _, inner := range v {
			collect(inner, defs, into)
		}
	}
}
