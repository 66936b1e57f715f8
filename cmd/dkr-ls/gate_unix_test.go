//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// The gate is README's, byte for byte but for the limit.
var _ = DescribeTable("README's size gate, followed by another command, as a step of GitHub Actions", func(ctx SpecContext, shell, limit, host string, status int, stdout, stderr string) {
	readme, err := os.ReadFile("../../README.md")
	Expect(err).NotTo(HaveOccurred())
	gate := regexp.MustCompile("(?s)\nIn CI,.*?\n```sh\n(.*?)```").FindSubmatch(readme)
	Expect(gate).To(HaveLen(2))
	Expect(string(gate[1])).To(ContainSubstring("--minSize 2GB "))
	if host == "" {
		host = listing(`[{"Id":"sha256:aa","RepoTags":["team/big:1"],"Size":3000000000},{"Id":"sha256:bb","RepoTags":["small:1"],"Size":1000}]`)
	}

	cmd := dkrlsProcess(ctx, host)
	bin := GinkgoT().TempDir()
	Expect(os.Symlink(binary(), filepath.Join(bin, "dkr-ls"))).To(Succeed())
	cmd.Path, cmd.Args = "/bin/"+strings.Fields(shell)[0], append(strings.Fields(shell), "-c", strings.ReplaceAll(string(gate[1]), "2GB", limit)+"echo went on\n")
	cmd.Env = append(cmd.Env, "PATH="+bin+":"+os.Getenv("PATH"))
	session := start(cmd)
	Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit(status))
	Expect(string(session.Out.Contents())).To(Equal(stdout))
	Expect(string(session.Err.Contents())).To(MatchRegexp(`\A` + stderr + `\z`))
},
	Entry("under the limit goes on", "bash -e", "4GB", "", 0, "went on\n", ""),
	Entry("over the limit stops, and names the image", "bash -e", "2GB", "", 1, "", "over 2GB: team/big:1 3GB\n"),
	Entry("with no engine stops", "bash -e", "2GB", "tcp://127.0.0.1:1", 1, "", "Error: listing images: .*connection refused.*\n"),
	Entry("with a limit that is none stops", "bash -e", "1XB", "", 1, "", "(?s)Error: invalid argument.*"),
	Entry("over the limit stops any other shell", "sh", "2GB", "", 1, "", "over 2GB: team/big:1 3GB\n"),
	Entry("with no engine stops any other shell", "sh", "2GB", "tcp://127.0.0.1:1", 1, "", "Error: listing images: .*connection refused.*\n"),
)
