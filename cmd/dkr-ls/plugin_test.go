package main

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = It("a plugin that gets no arguments is wrong use", func(ctx SpecContext) {
	var stdout, stderr strings.Builder
	p := processOn(shelf{}, &stdout, &stderr)
	p.plugin = true
	Expect(run(ctx, nil, p)).To(Equal(2))
	Expect(stderr.String()).To(HavePrefix("Error: no command given\n"))
})
