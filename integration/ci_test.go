package integration_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"go.yaml.in/yaml/v3"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// as makes a line of a spec's shell one of a CI system: by its shell, with its options.
func as(program string, options ...string) func(*exec.Cmd) {
	return func(command *exec.Cmd) {
		line := command.Args[len(command.Args)-1]
		command.Path, command.Args = "/bin/"+program, append(append([]string{program}, options...), "-c", line)
	}
}

// githubSteps and jenkinsSteps are those of the page's job: the list, the gate, the clean-up.
func githubSteps() (steps []string) {
	GinkgoHelper()
	var workflow struct {
		Defaults struct{ Run struct{ Shell string } }
		Jobs     map[string]struct{ Steps []struct{ Run string } }
	}
	Expect(yaml.Unmarshal([]byte(blocks(page(docs+"ci.md"), "yaml", "<!-- job: github -->")[0]), &workflow)).To(Succeed())
	Expect(workflow.Defaults.Run.Shell).To(Equal("bash"))
	for _, step := range workflow.Jobs["images"].Steps {
		steps = append(steps, step.Run)
	}
	return steps
}

func jenkinsSteps() (steps []string) {
	GinkgoHelper()
	pipeline := blocks(page(docs+"ci.md"), "groovy", "<!-- job: jenkins -->")[0]
	for _, step := range regexp.MustCompile(`(?s)\bsh ('''(.*?)'''|'([^'\n]*)')`).FindAllStringSubmatch(pipeline, -1) {
		steps = append(steps, step[2]+step[3])
	}
	return steps
}

// overAnything makes a gate one that every image is too big for.
func overAnything(gate string) string { return strings.ReplaceAll(gate, "2GB", "0") }

var _ = Describe("the jobs for CI", func() {
	DescribeTable("list images to the log, hold them to a size, and clean up", func(ctx SpecContext, steps func() []string, shellOfCI func(*exec.Cmd)) {
		e := startEngine(ctx)
		var all []fixture.Image
		for i := range 5 {
			all = append(all, fixture.Image{References: []string{fmt.Sprintf("app:%d", i)}, Created: daysAgo(9 - i), Size: 1_000})
		}
		e.load(ctx, all)
		use(ctx, e, "job", "app:0")
		before := references(images(ctx, e))
		step := shell(ctx, e, map[string]string{"docker": "docker.io"}, shellOfCI)
		Expect(steps()).To(HaveLen(3))

		Expect(step(steps()[0])).To(ContainSubstring(list(ctx, e, "--sort", "size", "--sum")))
		_, err := step(steps()[1])
		Expect(err).NotTo(HaveOccurred())
		output, err := step(overAnything(steps()[1]))
		Expect(err).To(HaveOccurred())
		Expect(output).To(And(ContainSubstring("over 0: app:4 "), ContainSubstring("\napp:0 ")))
		Expect(references(images(ctx, e))).To(Equal(before))

		output, err = step(steps()[2])
		Expect(err).NotTo(HaveOccurred(), output)
		unused := slices.IndexFunc(before, func(reference string) bool { return strings.HasSuffix(reference, "app:1") })
		Expect(unused).To(BeNumerically(">=", 0))
		Expect(references(images(ctx, e))).To(Equal(slices.Delete(before, unused, unused+1)))
	},
		Entry("in GitHub Actions", githubSteps, as("bash", "--noprofile", "--norc", "-eo", "pipefail")),
		Entry("in Jenkins", jenkinsSteps, as("sh", "-xe")),
	)

	It("hold what GitLab CI has built on Docker in Docker to a size, over TLS", func(ctx SpecContext) {
		ca := newAuthority("the engine's CA")
		address := startTLSEngine(ctx, ca)
		var jobs map[string]struct {
			Variables map[string]string
			Script    []string
		}
		Expect(yaml.Unmarshal([]byte(blocks(page(docs+"ci.md"), "yaml", "<!-- job: gitlab -->")[0]), &jobs)).To(Succeed())
		job := jobs["images"]
		Expect(job.Script).To(HaveLen(4))
		Expect(job.Variables).To(HaveKeyWithValue("DOCKER_TLS_VERIFY", "1"))
		maps.Copy(job.Variables, verified(address, certificates(ca, signed(ca))))
		job.Variables["CI_COMMIT_SHORT_SHA"] = "0123abcd"

		checkout := GinkgoT().TempDir()
		Expect(os.Symlink(suite.Binary, filepath.Join(checkout, "dkr-ls"))).To(Succeed())
		Expect(os.WriteFile(filepath.Join(checkout, "Dockerfile"), []byte("FROM scratch\nCOPY Dockerfile /\n"), 0o600)).To(Succeed())
		bash := shell(ctx, suite.Brief, map[string]string{"docker": "docker.io"}, as("bash", "-eo", "pipefail"), func(command *exec.Cmd) {
			command.Dir = checkout
			for name, value := range job.Variables {
				command.Env = append(command.Env, name+"="+value)
			}
		})
		output, err := bash(strings.Join(job.Script, "\n"))
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(output).To(MatchRegexp(`\napp +0123abcd .*\n`))
		output, err = bash(overAnything(strings.Join(job.Script, "\n")))
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("over 0: app:0123abcd "))
	})
})
