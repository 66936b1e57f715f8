package main

import (
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

type crd struct {
	Kind string `json:"kind"`
	Spec struct {
		Group string `json:"group"`
		Names struct {
			Kind string `json:"kind"`
		} `json:"names"`
		Versions []struct {
			Name   string `json:"name"`
			Served bool   `json:"served"`
			Schema struct {
				OpenAPIV3Schema object `json:"openAPIV3Schema"`
			} `json:"schema"`
		} `json:"versions"`
	} `json:"spec"`
}

// addCRDs writes the schemas of all CustomResourceDefinitions in a folder: one in each file.
func addCRDs(folder, dir string, defs map[string]object) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var c crd
		if err := yaml.Unmarshal(data, &c); err != nil {
			return err
		}
		if c.Kind != "CustomResourceDefinition" {
			continue
		}
		for _, version := range c.Spec.Versions {
			schema := version.Schema.OpenAPIV3Schema
			if !version.Served || schema["properties"] == nil {
				continue
			}
			tighten("", schema)
			schema["properties"].(object)["metadata"] = object{"$ref": refPrefix + "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
			if err := writeSchema(dir, gvk{c.Spec.Group, version.Name, c.Spec.Names.Kind}, schema, defs); err != nil {
				return err
			}
		}
	}
	return nil
}
