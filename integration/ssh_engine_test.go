package integration_test

import (
	"os"
	"os/user"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("an engine over SSH", Ordered, ContinueOnFailure, func() {
	var host sshHost
	BeforeEach(func(ctx SpecContext) { host = startSSH(ctx) })

	// environment is one that has the host's ssh.
	environment := func(address string) map[string]string {
		return map[string]string{"PATH": host.path, "DOCKER_HOST": address}
	}
	// failed is what a run must say of the engine.
	failed := func(what string) string {
		return "Error: listing images: the engine at ssh://engine.test (chosen by DOCKER_HOST): " + what + "; try: ssh engine.test docker version"
	}

	It("is listed", func(ctx SpecContext) {
		By("DOCKER_HOST")
		expectExample(ctx, run(ctx, environment("ssh://engine.test"), "tags"))
		By("a context")
		dir := dockerConfig("{}", map[string]dockerContext{"remote": {Host: "ssh://engine.test"}})
		expectExample(ctx, run(ctx, map[string]string{"PATH": host.path, "DOCKER_CONFIG": dir}, "--context", "remote", "tags"))
	})

	It("that does not take the user's key is an error", func(ctx SpecContext) {
		me, err := user.Current()
		Expect(err).NotTo(HaveOccurred())
		host.useKey("other-key")
		Expect(failure(run(ctx, environment("ssh://engine.test"), "tags"))).To(Equal(
			failed("ssh: " + me.Username + "@127.0.0.1: Permission denied (publickey)")))
	})

	It("whose own key is another one than known is an error", func(ctx SpecContext) {
		host.write("known_hosts", 0o600)
		Expect(failure(run(ctx, environment("ssh://engine.test"), "tags"))).To(MatchRegexp(
			`ssh: No ED25519 host key is known for \S+ and you have requested strict checking. Host key verification failed; try: `))
	})

	It("without a docker command there is an error", func(ctx SpecContext) {
		// A socket in the address is for that command to use.
		Expect(failure(run(ctx, environment("ssh://engine.test/nowhere/docker.sock"), "tags"))).To(And(
			ContainSubstring("/nowhere/docker.sock"), HaveSuffix("; try: ssh engine.test docker -H unix:///nowhere/docker.sock version")))
	})

	It("needs an ssh command on this side", func(ctx SpecContext) {
		Expect(os.Remove(filepath.Join(host.path, "ssh"))).To(Succeed())
		Expect(failure(run(ctx, environment("ssh://engine.test"), "tags"))).To(Equal(failed(`exec: "ssh": executable file not found in $PATH`)))
	})
})
