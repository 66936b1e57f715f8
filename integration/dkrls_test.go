package integration_test

import (
	"os/exec"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// timeZone is where each run takes place: far from UTC, which must not show.
const timeZone = "Pacific/Kiritimati"

// nobody is an address where no engine answers: nothing listens on port 1.
const nobody = "tcp://127.0.0.1:1"

// run runs the built binary in an environment of just these variables, with a home folder of its
// own, and waits for its end.
func run(ctx SpecContext, variables map[string]string, args ...string) *gexec.Session {
	GinkgoHelper()
	home := GinkgoT().TempDir()
	command := exec.CommandContext(ctx, suite.Binary, args...) // killed at the end of the spec
	command.Env = []string{"HOME=" + home, "DOCKER_CONFIG=" + home, "TZ=" + timeZone}
	for name, value := range variables { // of two values of one name, the last counts
		command.Env = append(command.Env, name+"="+value)
	}
	session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	Eventually(session).WithContext(ctx).Should(gexec.Exit(), "dkr-ls %s", strings.Join(args, " "))
	return session
}

// on is an environment with the engine at the address.
func on(address string) map[string]string { return map[string]string{"DOCKER_HOST": address} }

// list returns what `dkr-ls tags` prints of an engine with these arguments.
func list(ctx SpecContext, e engine, args ...string) string {
	GinkgoHelper()
	return table(run(ctx, on(e.Host()), append([]string{"tags"}, args...)...))
}

// table returns what a run that must succeed has printed.
func table(session *gexec.Session) string {
	GinkgoHelper()
	Expect(string(session.Err.Contents())).To(BeEmpty(), "stderr")
	Expect(session).To(gexec.Exit(0))
	return string(session.Out.Contents())
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

// row is a line of the table, by column.
type row struct {
	Repository, Tag, ID, Created, Size string
}

// rows cuts a table of tags into its cells, of which no two spaces are part.
func rows(table string) []row {
	GinkgoHelper()
	cut := []row{}
	for line := range strings.Lines(table) {
		cells := regexp.MustCompile(`  +`).Split(strings.TrimSuffix(line, "\n"), -1)
		Expect(cells).To(HaveLen(5), line)
		cut = append(cut, row{cells[0], cells[1], cells[2], cells[3], cells[4]})
	}
	Expect(cut).NotTo(BeEmpty())
	Expect(cut[0]).To(Equal(row{"REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"}))
	return cut[1:]
}
