//go:build unix

package main

import (
	"os"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// readmeBlock is README's first block of commands after a paragraph that begins like this. Another command
// follows it, as in a script, or in a step of GitHub Actions.
func readmeBlock(paragraph string) string {
	GinkgoHelper()
	readme, err := os.ReadFile("../../README.md")
	Expect(err).NotTo(HaveOccurred())
	block := regexp.MustCompile("(?s)\n" + regexp.QuoteMeta(paragraph) + ".*?\n```sh\n(.*?)```").FindSubmatch(readme)
	Expect(block).To(HaveLen(2))
	return string(block[1]) + "echo went on\n"
}

// The gate is README's, but for the limit.
var _ = DescribeTable("README's size gate", func(ctx SpecContext, shell, limit, host string, status int, stdout, stderr string) {
	gate := readmeBlock("In CI,")
	Expect(gate).To(ContainSubstring("--minSize 2GB "))
	if host == "" {
		host = listing(`[{"Id":"sha256:aa","RepoTags":["team/big:1"],"Size":3000000000},{"Id":"sha256:bb","RepoTags":["small:1"],"Size":1000}]`)
	}
	got := ended(inShell(ctx, host, strings.ReplaceAll(gate, "2GB", limit), strings.Fields(shell)...))
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

var _ = DescribeTable("README's question whether an image is there", func(ctx SpecContext, shell, names, host string, status int, stdout, stderr string) {
	if host == "" {
		host = listing(`[{"Id":"sha256:aa","RepoTags":[` + names + `],"Size":1000}]`)
	}
	got := ended(inShell(ctx, host, readmeBlock("Is an image there?"), strings.Fields(shell)...))
	Expect(got).To(Equal(result{status, stdout, got.stderr}))
	Expect(got.stderr).To(MatchRegexp(`\A` + stderr + `\z`))
},
	Entry("goes on where it is", "sh", `"nginx:1.25"`, "", 0, "went on\n", ""),
	Entry("says that it is missing", "sh", `"nginx:1.2","team/nginx:1.25"`, "", 0, "nginx:1.25 is missing\nwent on\n", ""),
	Entry("goes on in a shell that stops at failures", "bash -e", `"nginx:1.25"`, "", 0, "went on\n", ""),
	Entry("says that it is missing there too", "bash -e", `"nginx:1.2"`, "", 0, "nginx:1.25 is missing\nwent on\n", ""),
	Entry("stops without an engine, which says nothing of images", "sh", "", "tcp://127.0.0.1:1", 1, "", "Error: listing images: .*connection refused.*\n"),
	Entry("stops at an answer that is broken", "sh", `5`, "", 1, "", "Error: listing images: .*\n"),
)
