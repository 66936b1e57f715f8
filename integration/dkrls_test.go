package integration_test

import (
	"os/exec"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// dkrls runs the built binary against the engine at the address and waits for
// its end. Nothing of the caller's environment reaches it.
func dkrls(ctx SpecContext, address string, args ...string) *gexec.Session {
	GinkgoHelper()
	home := GinkgoT().TempDir()
	command := exec.CommandContext(ctx, suite.Binary, args...)
	command.Env = []string{"HOME=" + home, "DOCKER_CONFIG=" + home, "DOCKER_HOST=" + address}
	session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	Eventually(session).WithContext(ctx).Should(gexec.Exit())
	return session
}

// table returns what a run that must succeed has printed.
func table(session *gexec.Session) string {
	GinkgoHelper()
	Expect(string(session.Err.Contents())).To(BeEmpty(), "stderr")
	Expect(session).To(gexec.Exit(0))
	return string(session.Out.Contents())
}

// row is a line of the table, by column.
type row struct {
	Repository, Tag, ID, Created, Size string
}

// rows cuts a table at the columns that its header shows.
func rows(table string) []row {
	GinkgoHelper()
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	var starts []int
	for _, title := range []string{"REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"} {
		Expect(lines[0]).To(ContainSubstring(title))
		starts = append(starts, strings.Index(lines[0], title))
	}

	cut := []row{}
	for _, line := range lines[1:] {
		cell := func(column int) string {
			end := len(line)
			if column+1 < len(starts) {
				end = min(end, starts[column+1])
			}
			return strings.TrimRight(line[min(len(line), starts[column]):end], " ")
		}
		cut = append(cut, row{cell(0), cell(1), cell(2), cell(3), cell(4)})
	}
	return cut
}
