package integration_test

import (
	"os/exec"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// run runs the built binary in an environment of just these variables, with a home folder of its
// own, and waits for its end.
func run(ctx SpecContext, variables map[string]string, args ...string) *gexec.Session {
	GinkgoHelper()
	home := GinkgoT().TempDir()
	command := exec.CommandContext(ctx, suite.Binary, args...)
	command.Env = []string{"HOME=" + home, "DOCKER_CONFIG=" + home}
	for name, value := range variables { // of two values of one name, the last counts
		command.Env = append(command.Env, name+"="+value)
	}
	session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	Eventually(session).WithContext(ctx).Should(gexec.Exit())
	return session
}

// failure returns the one line on stderr of a run that must fail with status 1 and empty stdout.
func failure(session *gexec.Session) string {
	GinkgoHelper()
	Expect(session).To(gexec.Exit(1))
	Expect(string(session.Out.Contents())).To(BeEmpty(), "stdout")
	line, rest, found := strings.Cut(string(session.Err.Contents()), "\n")
	Expect(found).To(BeTrue(), "a line on stderr")
	Expect(rest).To(BeEmpty(), "stderr after the first line")
	return line
}

// expectExample holds a run of `dkr-ls tags` against what it prints on the shared engine.
func expectExample(ctx SpecContext, session *gexec.Session) {
	GinkgoHelper()
	Expect(table(session)).To(Equal(expectedTable(ctx, "tags")))
}

// on is an environment with the engine at the address.
func on(address string) map[string]string { return map[string]string{"DOCKER_HOST": address} }
