package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// BenchmarkDecode reads the answer of an engine with 10,000 images.
func BenchmarkDecode(b *testing.B) {
	var body strings.Builder
	for i := range 10_000 {
		body.WriteString(map[bool]string{true: "[", false: ","}[i == 0])
		fmt.Fprintf(&body, `{"Containers":-1,"Created":%d,"Id":"sha256:%064x","Labels":{"maintainer":"the team","org.opencontainers.image.revision":"%040x"},`+
			`"ParentId":"","RepoDigests":["registry.example/team/app-%d@sha256:%064x"],"RepoTags":["registry.example/team/app-%d:20260101-%d"],"SharedSize":-1,"Size":%d}`,
			1_600_000_000+i, i, i, i/10, i, i/10, i, i)
	}
	body.WriteString("]")
	b.SetBytes(int64(body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range engine.DecodeImages(strings.NewReader(body.String())) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
