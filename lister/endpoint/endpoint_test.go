package endpoint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/docker/docker/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

const noAddress = " is not an engine's address; try: one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host"

var _ = Describe("locating the engine", func() {
	It("goes by the first of the flags, DOCKER_HOST, DOCKER_CONTEXT and currentContext, and takes the context default for none", func() {
		dir := dockerConfig(`{"currentContext":"current"}`, map[string]string{"flagged": "tcp://1.0.0.1:1", "environment": "tcp://1.0.0.2:1", "current": "tcp://1.0.0.3:1"})
		variables := map[string]string{"DOCKER_CONFIG": dir, "DOCKER_HOST": "tcp://2.0.0.2:1", "DOCKER_CONTEXT": "environment"}
		expect := func(options endpoint.Options, address, source string) {
			GinkgoHelper()
			ep, err := locate(options, variables)
			Expect(err).NotTo(HaveOccurred())
			Expect([]string{ep.Name(), ep.Source}).To(Equal([]string{address, source}))
		}
		expect(endpoint.Options{Host: "tcp://3.0.0.3:1"}, "tcp://3.0.0.3:1", "--host")
		expect(endpoint.Options{Context: "flagged"}, "tcp://1.0.0.1:1", "context flagged (--context)")
		expect(endpoint.Options{}, "tcp://2.0.0.2:1", "DOCKER_HOST")
		expect(endpoint.Options{Context: "default"}, "tcp://2.0.0.2:1", "DOCKER_HOST")
		delete(variables, "DOCKER_HOST")
		expect(endpoint.Options{}, "tcp://1.0.0.2:1", "context environment (DOCKER_CONTEXT)")
		delete(variables, "DOCKER_CONTEXT")
		expect(endpoint.Options{}, "tcp://1.0.0.3:1", "context current (currentContext in "+filepath.Join(dir, "config.json")+")")
		delete(variables, "DOCKER_CONFIG")
		expect(endpoint.Options{}, client.DefaultDockerHost, "default")
	})

	DescribeTable("takes an address as docker does, and names it without its secrets", func(host, want string) {
		ep, err := locate(endpoint.Options{Host: host}, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Host).To(Equal(want))
		Expect(ep.Name()).To(Equal(strings.Replace(want, "ssh://me@", "ssh://", 1)))
	},
		Entry("a socket", "unix:///run/a@b.sock", "unix:///run/a@b.sock"),
		Entry("the default socket", "unix://", "unix:///var/run/docker.sock"),
		Entry("a host without a scheme", "127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("a host without a port, between spaces", " tcp://127.0.0.1 ", "tcp://127.0.0.1:2375"),
		Entry("an IPv6 host", "tcp://[::1]:2375", "tcp://[::1]:2375"),
		Entry("a host with userinfo, which no engine reads", "tcp://me:secret@127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("a host with empty userinfo", "tcp://@127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("ssh", "ssh://me@host/run/docker.sock", "ssh://me@host/run/docker.sock"),
	)

	DescribeTable("refuses an invalid address, without its secrets", func(host, message string) {
		_, err := locate(endpoint.Options{}, map[string]string{"DOCKER_HOST": host})
		Expect(err).To(MatchError(message + noAddress))
	},
		Entry("of an unknown scheme", "az://me:secret@host", `DOCKER_HOST: "az://host"`),
		Entry("without a scheme, with empty userinfo", "@host:x", `DOCKER_HOST: "host:x"`),
		Entry("of an invalid port", "tcp://127.0.0.1:x", `DOCKER_HOST: "tcp://127.0.0.1:x"`),
		Entry("of an engine's own command line", "fd://", `DOCKER_HOST: "fd://"`),
		Entry("of a scheme with nothing behind it", "tcp:/", `DOCKER_HOST: "tcp:/"`),
	)

	DescribeTable("refuses an address in a form that is nearly right, and says which is right", func(host, right string) {
		_, err := locate(endpoint.Options{Host: host}, nil)
		Expect(err).To(MatchError(fmt.Sprintf("--host: %q is not an engine's address; try: %s", host, right)))
		Expect(endpoint.CheckHost("--host", host)).To(MatchError(err.Error()))
		folder := dockerConfig("", map[string]string{"web": host})
		_, err = locate(endpoint.Options{Folder: folder, Context: "web"}, nil)
		Expect(err).To(MatchError(fmt.Sprintf("context web (--context): %q is not an engine's address; try: %s", host, right)))
	},
		Entry("a path", "/x.sock", "unix:///x.sock"),
		Entry("a path with folders", "/var/run/docker.sock", "unix:///var/run/docker.sock"),
		Entry("a path with more slashes", "//var/run/docker.sock", "unix:///var/run/docker.sock"),
		Entry("unix: and a path", "unix:/x.sock", "unix:///x.sock"),
		Entry("tcp: with one slash", "tcp:/127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("ssh: with one slash", "ssh:/host", "ssh://host"),
		Entry("a path here", "./x.sock", "one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host"),
		Entry("a path that a shell would take apart", "/x;y", "one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host"),
	)

	DescribeTable("takes an address from a context", func(host, want string) {
		folder := dockerConfig("", map[string]string{"web": host})
		ep, err := locate(endpoint.Options{Folder: folder, Context: "web"}, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Host).To(Equal(want))
	},
		Entry("without its userinfo, which no engine reads", "tcp://me:secret@127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("the default socket, if it is empty", "", client.DefaultDockerHost),
	)

	It("refuses a context that does not exist", func() {
		dir := dockerConfig("", nil)
		_, err := locate(endpoint.Options{Context: "nope"}, map[string]string{"DOCKER_CONFIG": dir})
		Expect(err).To(MatchError("context nope (--context): there is no such context; try: docker context ls"))
	})

	It("refuses TLS without a CA", func() {
		dir := GinkgoT().TempDir()
		variables := map[string]string{"DOCKER_HOST": "tcp://127.0.0.1:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": dir}
		_, err := locate(endpoint.Options{}, variables)
		Expect(err).To(MatchError("TLS material for tcp://127.0.0.1:2376: open " + filepath.Join(dir, "ca.pem") +
			": " + syscall.ENOENT.Error() + "; try: DOCKER_CERT_PATH with the folder that has ca.pem, cert.pem and key.pem"))
	})

	DescribeTable("checks the engine's certificate for DOCKER_TLS_VERIFY alone", func(variable string, skipped bool) {
		dir := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(dir, "ca.pem"), nil, 0o600)).To(Succeed())
		ep, err := locate(endpoint.Options{}, map[string]string{"DOCKER_HOST": "tcp://127.0.0.1:2376", variable: "1", "DOCKER_CERT_PATH": dir})
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.IsSecure()).To(BeTrue())
		Expect(ep.SkipTLSVerify).To(Equal(skipped))
	},
		Entry(nil, "DOCKER_TLS", true), Entry(nil, "DOCKER_TLS_VERIFY", false),
	)

	DescribeTable("says that any value of a variable turns TLS on", func(variable, value string) {
		dir := GinkgoT().TempDir()
		variables := map[string]string{"DOCKER_HOST": "tcp://127.0.0.1:2376", variable: value, "DOCKER_CERT_PATH": dir}
		_, err := locate(endpoint.Options{}, variables)
		Expect(err).To(MatchError(HaveSuffix(syscall.ENOENT.Error() + "; try: again without " + variable + ": any value turns TLS on, even " + value)))
	},
		Entry(nil, "DOCKER_TLS_VERIFY", "0"), Entry(nil, "DOCKER_TLS_VERIFY", "false"), Entry(nil, "DOCKER_TLS_VERIFY", "No"), Entry(nil, "DOCKER_TLS", "off"),
	)
})
