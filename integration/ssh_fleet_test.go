package integration_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
)

// startSSHDaemon is [startSSH] with one server for all connections, which limits how many of them sign in
// at once as it does by default.
func startSSHDaemon(ctx SpecContext) sshHost {
	GinkgoHelper()
	sshd := installedSSHD(ctx)
	// A loopback address that no other process uses, so that its port stays free.
	pid := os.Getpid()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf("127.%d.%d.22:0", 1+pid>>8&127, pid&255))
	Expect(err).NotTo(HaveOccurred())
	address := listener.Addr()
	Expect(listener.Close()).To(Succeed())
	host := newSSHHost(ctx, address)
	daemon := exec.CommandContext(context.WithoutCancel(ctx), sshd, "-D", "-e", "-f", filepath.Join(host.dir, "sshd_config"),
		"-o", "ListenAddress="+address.String(), "-o", "PidFile=none")
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

var _ = Describe("30 contexts of one host over SSH", func() {
	It("are all listed, however few its server lets sign in at once", func(ctx SpecContext) {
		host := startSSHDaemon(ctx)
		contexts, names, flags := map[string]dockerContext{}, []string{}, []string{}
		for i := range 30 {
			name := fmt.Sprintf("engine-%02d", i)
			contexts[name] = dockerContext{Host: "ssh://engine.test"}
			names, flags = append(names, name), append(flags, "--context", name)
		}
		variables := map[string]string{"PATH": host.path, "DOCKER_CONFIG": dockerConfig("{}", contexts)}
		session := run(ctx, variables, append(flags, "tags", "--timeout", "5m", "--maxTags", "1", "--format", "{{.Context}}")...)
		listed := strings.Fields(table(session))
		slices.Sort(listed)
		Expect(slices.Compact(listed)).To(Equal(names))
	})
})
