package lister_test

import (
	"github.com/distribution/reference"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// The listing splits names by itself, since the reference package's regular expressions cost more
// than all the rest of a row. Whatever that package takes for a name, both must split alike.
var _ = Describe("a name within the reference grammar", func() {
	DescribeTable("is split as the reference package splits it", func(ctx SpecContext, name string) {
		parsed, err := reference.ParseNormalizedNamed(name)
		Expect(err).NotTo(HaveOccurred())
		tag := lister.None
		if tagged, ok := parsed.(reference.Tagged); ok {
			tag = tagged.Tag()
		}
		Expect(names(list(ctx, images{tagged('1', 0, 0, name)}, lister.Filter{}))).To(Equal(
			[]string{reference.FamiliarName(parsed) + " " + tag}))
	},
		Entry(nil, "nginx:latest"),
		Entry(nil, "nginx"),
		Entry(nil, "library/nginx:1"),
		Entry(nil, "docker.io/nginx:1"),
		Entry(nil, "docker.io/library/nginx:1"),
		Entry(nil, "docker.io/library/a/b:1"),
		Entry(nil, "index.docker.io/library/nginx:1"),
		Entry(nil, "index.docker.io/grafana/loki:1"),
		Entry(nil, "registry-1.docker.io/library/nginx:1"),
		Entry(nil, "docker.io:443/library/nginx:1"),
		Entry(nil, "localhost/nginx:1"),
		Entry(nil, "localhost:5000/a:1"),
		Entry(nil, "localhost:5000/library/a:1"),
		Entry(nil, "[::1]:5000/a:1"),
		Entry(nil, "[2001:db8::1]/a/b:1"),
		Entry(nil, "Registry.example/a:1"),
		Entry(nil, "Foo/bar:1"),
		Entry(nil, "a/b/c/d/e:v1.2.3_4-5"),
		Entry(nil, "123456789000.dkr.ecr.us-east-1.amazonaws.com/webapp:20200609-1018"),
		Entry(nil, "nginx:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		Entry(nil, "a__b.c--d:1"),
	)
})
