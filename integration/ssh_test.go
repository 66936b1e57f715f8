package integration_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
)

// An sshHost is a host with an SSH server on loopback, whose docker command uses the shared engine.
type sshHost struct {
	dir  string // of all its keys and settings
	path string // bin, for the PATH of its clients: an ssh that knows its keys, and nothing of this machine's
}

// startSSH serves SSH with Debian's own server until the spec ends.
func startSSH(ctx SpecContext) sshHost {
	GinkgoHelper()
	sshd, ssh, docker := installedSSHD(ctx), installed(ctx, "ssh", "openssh-client"), installed(ctx, "docker", "docker.io")
	// A loopback address that no other process uses, so that its port stays free.
	pid := os.Getpid()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf("127.%d.%d.22:0", 1+pid>>8&127, pid&255))
	Expect(err).NotTo(HaveOccurred())
	Expect(listener.Close()).To(Succeed())
	address, port, err := net.SplitHostPort(listener.Addr().String())
	Expect(err).NotTo(HaveOccurred())
	me, err := user.Current()
	Expect(err).NotTo(HaveOccurred())

	host := sshHost{dir: GinkgoT().TempDir()}
	host.path = filepath.Join(host.dir, "bin")
	for _, name := range []string{"host-key", "user-key"} {
		keygen := exec.CommandContext(ctx, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", filepath.Join(host.dir, name))
		output, err := keygen.CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), string(output))
	}
	hostKey, err := os.ReadFile(filepath.Join(host.dir, "host-key.pub"))
	Expect(err).NotTo(HaveOccurred())
	host.write("known_hosts", 0o600, "["+address+"]:"+port+" "+string(hostKey))
	host.write("sshd_config", 0o600, "HostKey DIR/host-key", "AuthorizedKeysFile DIR/user-key.pub",
		"ListenAddress "+listener.Addr().String(), "PidFile none",
		"PermitRootLogin prohibit-password", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
		"UsePAM no", "StrictModes no", // the folder is in /tmp
		fmt.Sprintf("SetEnv DOCKER_HOST=%s DOCKER_CONFIG=DIR PATH=DIR/remote", suite.Brief.Host()))
	host.write("config", 0o600, "IdentityFile DIR/user-key", "IdentitiesOnly yes", "IdentityAgent none",
		"UserKnownHostsFile DIR/known_hosts", "GlobalKnownHostsFile none", "StrictHostKeyChecking yes", "BatchMode yes",
		"Host engine.test", "HostName "+address, "Port "+port, "User "+me.Username)
	// ssh goes by the user's home in the password file, not by HOME.
	host.write("bin/ssh", 0o700, "#!/bin/sh", fmt.Sprintf(`exec '%s' -F 'DIR/config' "$@"`, ssh))
	Expect(os.Mkdir(filepath.Join(host.dir, "remote"), 0o755)).To(Succeed())
	for program, path := range map[string]string{"docker": docker, "bash": "/bin/bash"} { // bash is for docker's plugins
		Expect(os.Symlink(path, filepath.Join(host.dir, "remote", program))).To(Succeed())
	}

	daemon := exec.CommandContext(context.WithoutCancel(ctx), sshd, "-D", "-e", "-f", filepath.Join(host.dir, "sshd_config"))
	session, err := gexec.Start(daemon, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) {
		Eventually(ctx, func() string { // the servers of connections, which would outlive it
			children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", daemon.Process.Pid))
			return string(children)
		}).Should(BeEmpty())
		session.Kill().Wait()
	}, NodeTimeout(cleanupTimeout))
	Eventually(session.Err).WithContext(ctx).Should(gbytes.Say("Server listening"))
	return host
}

// installedSSHD returns the path of sshd, and has the folder made that sshd insists on as root.
func installedSSHD(ctx context.Context) string {
	GinkgoHelper()
	_, found := find("sshd")
	if _, err := os.Stat("/run/systemd/system"); err == nil && !found && os.Getenv("CI") != "true" {
		Skip("sshd is missing. Install openssh-server: that is not done here unasked, as Debian's package makes this machine an SSH server")
	}
	sshd := installed(ctx, "sshd", "openssh-server")
	// Without the system's own service, which makes that folder. Other processes of the suite need it too, so it stays.
	if os.Geteuid() == 0 {
		Expect(os.MkdirAll("/run/sshd", 0o755)).To(Succeed())
	}
	return sshd
}

// write makes a file of lines, in which DIR stands for the host's folder.
func (h sshHost) write(name string, mode os.FileMode, lines ...string) {
	GinkgoHelper()
	file := filepath.Join(h.dir, name)
	Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
	content := strings.ReplaceAll(strings.Join(lines, "\n")+"\n", "DIR", h.dir)
	Expect(os.WriteFile(file, []byte(content), mode)).To(Succeed())
}

var _ = Describe("an engine over SSH", func() {
	var host sshHost
	BeforeEach(func(ctx SpecContext) { host = startSSH(ctx) })

	// at is an environment that has the host's ssh.
	at := func(address string) map[string]string {
		return map[string]string{"PATH": host.path, "DOCKER_HOST": address}
	}

	It("is listed by its address, and by a context", func(ctx SpecContext) {
		By("DOCKER_HOST")
		expectExample(ctx, run(ctx, at("ssh://engine.test"), "tags"))
		By("a context")
		dir := dockerConfig("{}", map[string]dockerContext{"remote": {Host: "ssh://engine.test"}})
		expectExample(ctx, run(ctx, map[string]string{"PATH": host.path, "DOCKER_CONFIG": dir}, "--context", "remote", "tags"))
	})

	It("is listed by all of 30 contexts, though an SSH server with its defaults refuses that many connections at once", func(ctx SpecContext) {
		contexts, args := map[string]dockerContext{}, []string{"tags", "nginx:alpine", "--format", "{{.Context}}", "--timeout", "2m"}
		for i := range 30 {
			name := fmt.Sprint("remote-", i)
			contexts[name] = dockerContext{Host: "ssh://engine.test"}
			args = append(args, "--context", name)
		}
		session := run(ctx, map[string]string{"PATH": host.path, "DOCKER_CONFIG": dockerConfig("{}", contexts)}, args...)
		Expect(session).To(gexec.Exit(0), string(session.Err.Contents()))
		Expect(strings.Fields(string(session.Out.Contents()))).To(And(HaveLen(30), ConsistOf(slices.Collect(maps.Keys(contexts)))))
	})

	It("is an error in ssh's words where its host's key is unknown", func(ctx SpecContext) {
		host.write("known_hosts", 0o600)
		Expect(failure(run(ctx, at("ssh://engine.test"), "tags"))).To(MatchRegexp(
			`ssh: No ED25519 host key is known for \S+ and you have requested strict checking. Host key verification failed; try: `))
	})

	It("is an error in the shell's words where its host has no docker command", func(ctx SpecContext) {
		Expect(os.Remove(filepath.Join(host.dir, "remote", "docker"))).To(Succeed())
		Expect(failure(run(ctx, at("ssh://engine.test"), "tags"))).To(MatchRegexp(
			`\(chosen by DOCKER_HOST\): ssh: \S*sh: (line )?1: docker: (command )?not found; try: ssh engine\.test docker version\z`))
	})

	It("is an error in docker's words where the socket of its address is missing", func(ctx SpecContext) {
		Expect(failure(run(ctx, at("ssh://engine.test/nowhere/docker.sock"), "tags"))).To(And(
			HavePrefix("Error: listing images: the engine at ssh://engine.test/nowhere/docker.sock (chosen by DOCKER_HOST): "+
				"ssh: failed to open the raw stream connection: dial unix /nowhere/docker.sock: "),
			HaveSuffix("; try: ssh engine.test docker -H unix:///nowhere/docker.sock version")))
	})
})
