package main

import "encoding/json"

// document is one YAML document as JSON, to be decoded once its kind is known.
type document []byte

func (d *document) UnmarshalJSON(b []byte) error {
	*d = append((*d)[:0], b...)
	return nil
}

func (d document) decode(into any) error { return json.Unmarshal(d, into) }
