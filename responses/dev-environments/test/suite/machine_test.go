package suite

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// What every spec does to the machine. Whatever a function makes here, DeferCleanup removes.

// root is the answer's folder, as the machine has it (read-only).
const root = "/dev-environments"

// run starts a program with nothing on stdin and waits: its stdout, and an error that holds its stderr.
func run(env []string, stdin, program string, args ...string) (string, error) {
	GinkgoHelper()
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), env...)
	command.Stdin = strings.NewReader(stdin)
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	GinkgoWriter.Printf("$ %s %s\n%s%s", filepath.Base(program), strings.Join(args, " "), stdout.String(), stderr.String())
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(program), strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(stdout.String()), err
}

// must is run for what may not fail.
func must(program string, args ...string) string {
	GinkgoHelper()
	out, err := run(nil, "", program, args...)
	Expect(err).NotTo(HaveOccurred())
	return out
}

// kubectl runs it as the cluster's administrator; the spec fails if it does.
func kubectl(args ...string) string {
	GinkgoHelper()
	return must("kubectl", args...)
}

// apply applies manifests. It removes nothing: put them into a namespace that goes.
func apply(manifests string) {
	GinkgoHelper()
	_, err := run(nil, manifests, "kubectl", "apply", "-f", "-")
	Expect(err).NotTo(HaveOccurred())
}

// as writes a kubeconfig of somebody else, by impersonation, and returns its path.
func as(user string, groups ...string) string {
	GinkgoHelper()
	identity := fmt.Sprintf("\n  user:\n    as: %q\n    as-groups: [%s]\n", user, strings.Join(append(groups, "system:authenticated"), ", "))
	config := must("kubectl", "config", "view", "--raw", "--minify")
	Expect(config).To(ContainSubstring("\n  user:\n"))
	path := filepath.Join(GinkgoT().TempDir(), "kubeconfig")
	Expect(os.WriteFile(path, []byte(strings.Replace(config, "\n  user:\n", identity, 1)), 0o600)).To(Succeed())
	return path
}

// start runs a server until the spec (or the container, from a BeforeAll) ends.
func start(program string, args ...string) *gexec.Session {
	GinkgoHelper()
	name := filepath.Base(program)
	log := gexec.NewPrefixedWriter("["+name+"] ", GinkgoWriter)
	session, err := gexec.Start(exec.Command(program, args...), log, log)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill().Wait() })
	return session
}

// networkOfMachine is what a team's chart has to know of the machine: the company is 10.0.0.0/8 without the pods and services.
const networkOfMachine = `network={"company": [{"cidr": "10.0.0.0/8", "except": ["10.244.0.0/16", "10.96.0.0/16"]}], "cluster": ["10.244.0.0/16", "10.96.0.0/16"]}`

// team installs the team's chart: the namespace team-NAME with the node groups it may use. It returns the namespace.
func team(name string, groups ...string) string {
	GinkgoHelper()
	namespace := "team-" + name
	must("helm", "upgrade", "--install", namespace, root+"/deploy/team", "--namespace", "default",
		"--set", "team="+name, "--set", "groups={"+strings.Join(groups, ",")+"}", "--set-json", networkOfMachine)
	DeferCleanup(func() {
		must("helm", "uninstall", namespace, "--namespace", "default", "--wait", "--ignore-not-found")
		kubectl("delete", "namespace", namespace, "--ignore-not-found", "--timeout=3m")
	})
	return namespace
}

// set changes values of a team's chart.
func set(namespace string, values ...string) {
	GinkgoHelper()
	args := []string{"upgrade", namespace, root + "/deploy/team", "--namespace", "default", "--reuse-values"}
	for _, value := range values {
		args = append(args, "--set", value)
	}
	must("helm", args...)
}

// person is the kubeconfig that devEnv has; see logIn. Without one, devEnv is the cluster's administrator.
var person string

// logIn has devEnv run as a person with the rights of a team's members.
func logIn(user, team string) {
	GinkgoHelper()
	before := person
	person = as(user, "team-"+team)
	DeferCleanup(func() { person = before })
}

// devEnv is the terminal's command as a person types it; the spec fails if it does.
func devEnv(args ...string) string {
	GinkgoHelper()
	out, err := tryDevEnv(args...)
	Expect(err).NotTo(HaveOccurred())
	return out
}

// tryDevEnv is devEnv for what may fail: the error holds what the person read.
func tryDevEnv(args ...string) (string, error) {
	GinkgoHelper()
	var env []string
	if person != "" {
		env = append(env, "KUBECONFIG="+person)
	}
	return run(env, "", "devenv", args...)
}

// newKey makes an ssh key; the public half is in path.pub.
func newKey(path string) {
	GinkgoHelper()
	must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path)
}
