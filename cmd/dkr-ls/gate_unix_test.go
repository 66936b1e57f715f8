//go:build unix

package main

import (
	"os"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The gate is README's, but for the limit. Another command follows it, as in a step of GitHub Actions.
var _ = DescribeTable("README's size gate", func(ctx SpecContext, shell, limit, host string, status int, stdout, stderr string) {
	readme, err := os.ReadFile("../../README.md")
	Expect(err).NotTo(HaveOccurred())
	gate := regexp.MustCompile("(?s)\nIn CI,.*?\n```sh\n(.*?)```").FindSubmatch(readme)
	Expect(gate).To(HaveLen(2))
	Expect(string(gate[1])).To(ContainSubstring("--minSize 2GB "))
	if host == "" {
		host = listing(`[{"Id":"sha256:aa","RepoTags":["team/big:1"],"Size":3000000000},{"Id":"sha256:bb","RepoTags":["small:1"],"Size":1000}]`)
	}
	line := strings.ReplaceAll(string(gate[1]), "2GB", limit) + "echo went on\n"
	got := ended(inShell(ctx, host, line, strings.Fields(shell)...))
	Expect(got).To(Equal(result{status, stdout, got.stderr}))
	Expect(got.stderr).To(MatchRegexp(`\A` + stderr + `\z`))
},
	Entry("goes on under the limit", "bash -e", "4GB", "", 0, "went on\n", ""),
	Entry("stops over the limit, and names the image", "bash -e", "2GB", "", 1, "", "over 2GB: team/big:1 3GB\n"),
	Entry("stops without an engine", "bash -e", "2GB", "tcp://127.0.0.1:1", 1, "", "Error: listing images: .*connection refused.*\n"),
	Entry("stops for an invalid limit", "bash -e", "1XB", "", 1, "", "(?s)Error: invalid argument.*"),
	Entry("stops another shell over the limit", "sh", "2GB", "", 1, "", "over 2GB: team/big:1 3GB\n"),
	Entry("stops another shell without an engine", "sh", "2GB", "tcp://127.0.0.1:1", 1, "", "Error: listing images: .*connection refused.*\n"),
)
