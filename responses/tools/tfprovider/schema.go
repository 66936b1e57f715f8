package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// document is the JSON form of schemas, as far as it says what is valid:
// https://developer.hashicorp.com/terraform/cli/commands/providers/schema
type document struct {
	Providers map[string]struct {
		Provider    json.RawMessage            `json:"provider"`
		Resources   map[string]json.RawMessage `json:"resource_schemas"`
		DataSources map[string]json.RawMessage `json:"data_source_schemas"`
	} `json:"provider_schemas"`
}

type block struct {
	Attributes map[string]struct {
		Type                         json.RawMessage
		Required, Optional, Computed bool
	} `json:"attributes"`
	BlockTypes map[string]struct {
		Nesting string `json:"nesting_mode"`
		Block   block  `json:"block"`
		Min     int64  `json:"min_items"`
		Max     int64  `json:"max_items"`
	} `json:"block_types"`
}

// decode returns the one provider in a schema document, in the plugin protocol's form, with its address.
// Unless only is empty, it has these resource and data source types alone.
func decode(data []byte, only []string) (string, *tfprotov5.GetProviderSchemaResponse, error) {
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		return "", nil, err
	}
	for name, p := range doc.Providers {
		configuration, err := convert(p.Provider)
		if err != nil {
			return "", nil, err
		}
		out := &tfprotov5.GetProviderSchemaResponse{Provider: configuration}
		if out.ResourceSchemas, err = convertAll(p.Resources, only); err != nil {
			return "", nil, err
		}
		out.DataSourceSchemas, err = convertAll(p.DataSources, only)
		return name, out, err
	}
	return "", nil, fmt.Errorf("no provider in schema.json")
}

func convertAll(schemas map[string]json.RawMessage, only []string) (map[string]*tfprotov5.Schema, error) {
	out := map[string]*tfprotov5.Schema{}
	for name, data := range schemas {
		if len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		var err error
		if out[name], err = convert(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return out, nil
}

func convert(data json.RawMessage) (*tfprotov5.Schema, error) {
	var s struct {
		Version int64
		Block   block
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	b, err := s.Block.convert()
	return &tfprotov5.Schema{Version: s.Version, Block: b}, err
}

func (b block) convert() (*tfprotov5.SchemaBlock, error) {
	out := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		//nolint:staticcheck // the only parser of this JSON form outside Terraform's core
		t, err := tftypes.ParseJSONType(a.Type)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		out.Attributes = append(out.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: t, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
		})
	}
	for name, n := range b.BlockTypes {
		inner, err := n.Block.convert()
		if err != nil {
			return nil, fmt.Errorf("block %s: %w", name, err)
		}
		// In the protocol's order, from 1.
		mode := 1 + slices.Index([]string{"single", "list", "set", "map", "group"}, n.Nesting)
		out.BlockTypes = append(out.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: tfprotov5.SchemaNestedBlockNestingMode(mode), MinItems: n.Min, MaxItems: n.Max,
		})
	}
	return out, nil
}
