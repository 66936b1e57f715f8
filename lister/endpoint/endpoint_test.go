package endpoint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/opencontainers/go-digest"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// dockerConfig returns a folder with docker's config file and contexts, a name and an address each.
func dockerConfig(config string, contexts map[string]string) string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	write := func(path, content string) {
		Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
		Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
	}
	if config != "" {
		write(filepath.Join(dir, "config.json"), config)
	}
	for name, host := range contexts {
		write(filepath.Join(dir, "contexts", "meta", digest.FromString(name).Encoded(), "meta.json"),
			fmt.Sprintf(`{"Name":%q,"Metadata":{"Description":"for specs"},"Endpoints":{"docker":{"Host":%q}}}`, name, host))
	}
	return dir
}

const noAddress = " is not an engine's address; try: one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host"

var _ = Describe("locating the engine", func() {
	Context("with a host and a context named in several places", func() {
		for _, flag := range []string{"", "host", "context"} {
			for _, hostSet := range []bool{false, true} {
				for _, contextSet := range []bool{false, true} {
					for _, currentSet := range []bool{false, true} {
						It(fmt.Sprintf("goes by the first: flag %q, DOCKER_HOST %t, DOCKER_CONTEXT %t, currentContext %t",
							flag, hostSet, contextSet, currentSet), func() {
							config := "{}"
							if currentSet {
								config = `{"currentContext":"current"}`
							}
							dir := dockerConfig(config, map[string]string{"flagged": "tcp://1.0.0.1:1", "environment": "tcp://1.0.0.2:1", "current": "tcp://1.0.0.3:1"})
							variables := map[string]string{"DOCKER_CONFIG": dir}
							if hostSet {
								variables["DOCKER_HOST"] = "tcp://2.0.0.2:1"
							}
							if contextSet {
								variables["DOCKER_CONTEXT"] = "environment"
							}
							var options endpoint.Options
							want, source := "unix:///var/run/docker.sock", "default"
							if runtime.GOOS == "windows" {
								want = "npipe:////./pipe/docker_engine"
							}
							switch { // in docker's order
							case flag == "host":
								options.Host = "tcp://3.0.0.3:1"
								want, source = "tcp://3.0.0.3:1", "--host"
							case flag == "context":
								options.Context = "flagged"
								want, source = "tcp://1.0.0.1:1", "context flagged (--context)"
							case hostSet:
								want, source = "tcp://2.0.0.2:1", "DOCKER_HOST"
							case contextSet:
								want, source = "tcp://1.0.0.2:1", "context environment (DOCKER_CONTEXT)"
							case currentSet:
								want, source = "tcp://1.0.0.3:1", "context current (currentContext in "+filepath.Join(dir, "config.json")+")"
							}
							ep, err := endpoint.Locate(options, env(variables), testLog())
							Expect(err).NotTo(HaveOccurred())
							Expect(ep.Name()).To(Equal(want))
							Expect(ep.Source).To(Equal(source))
						})
					}
				}
			}
		}
	})

	DescribeTable("takes an address as docker does", func(host, want string) {
		ep, err := endpoint.Locate(endpoint.Options{Host: host}, env(nil), testLog())
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Host).To(Equal(want))
	},
		Entry("a socket", "unix:///run/docker.sock", "unix:///run/docker.sock"),
		Entry("the default socket", "unix://", "unix:///var/run/docker.sock"),
		Entry("a host without a scheme", "127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("a host without a port", "tcp://127.0.0.1", "tcp://127.0.0.1:2375"),
		Entry("an IPv6 host", "tcp://[::1]:2375", "tcp://[::1]:2375"),
		Entry("a host with userinfo, which no engine reads", "tcp://me:secret@127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("a host with empty userinfo", "tcp://@127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("ssh", "ssh://me@host", "ssh://me@host"),
	)

	DescribeTable("refuses an invalid address, without its secrets", func(host, message string) {
		_, err := endpoint.Locate(endpoint.Options{}, env(map[string]string{"DOCKER_HOST": host}), testLog())
		Expect(err).To(MatchError(message + noAddress))
	},
		Entry("of an unknown scheme", "ftp://me:secret@host", `DOCKER_HOST: "ftp://host"`),
		Entry("of another", "az://me:secret@host", `DOCKER_HOST: "az://host"`),
		Entry("without a scheme, with empty userinfo", "@host:x", `DOCKER_HOST: "host:x"`),
		Entry("of an invalid port", "tcp://127.0.0.1:x", `DOCKER_HOST: "tcp://127.0.0.1:x"`),
		Entry("of a scheme with nothing behind it", "tcp:/", `DOCKER_HOST: "tcp:/"`),
	)

	DescribeTable("refuses an address in a form that is nearly right, and says which is right", func(host, right string) {
		_, err := endpoint.Locate(endpoint.Options{Host: host}, env(nil), testLog())
		Expect(err).To(MatchError(fmt.Sprintf("--host: %q is not an engine's address; try: %s", host, right)))
		Expect(endpoint.CheckHost("--host", host)).To(MatchError(err.Error()))
		folder := dockerConfig("", map[string]string{"web": host})
		_, err = endpoint.Locate(endpoint.Options{Folder: folder, Context: "web"}, env(nil), testLog())
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

	It("refuses the pipes of Windows elsewhere", func() {
		_, err := endpoint.Locate(endpoint.Options{Host: "npipe:////./pipe/docker_engine"}, env(nil), testLog())
		if runtime.GOOS == "windows" {
			Expect(err).NotTo(HaveOccurred())
		} else {
			Expect(err).To(MatchError("--host: npipe:// is for Windows; try: an address such as unix:///var/run/docker.sock"))
		}
	})

	DescribeTable("names an endpoint without its secrets", func(host, want string) {
		ep, err := endpoint.Locate(endpoint.Options{Host: host}, env(nil), testLog())
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Name()).To(Equal(want))
	},
		Entry("of a URL", "tcp://me:secret@127.0.0.1:2375", "tcp://127.0.0.1:2375"),
		Entry("of ssh", "ssh://me@host/run/docker.sock", "ssh://host/run/docker.sock"),
		Entry("none", "unix:///run/a@b.sock", "unix:///run/a@b.sock"),
	)

	DescribeTable("takes no userinfo from a context's address", func(host string) {
		folder := dockerConfig("", map[string]string{"web": host})
		ep, err := endpoint.Locate(endpoint.Options{Folder: folder, Context: "web"}, env(nil), testLog())
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Host).To(Equal("tcp://127.0.0.1:2375"))
	},
		Entry("some", "tcp://me:secret@127.0.0.1:2375"),
		Entry("empty", "tcp://@127.0.0.1:2375"),
	)

	It("refuses a context that does not exist", func() {
		dir := dockerConfig("", nil)
		_, err := endpoint.Locate(endpoint.Options{Context: "nope"}, env(map[string]string{"DOCKER_CONFIG": dir}), testLog())
		Expect(err).To(MatchError("context nope (--context): there is no such context; try: docker context ls"))
	})

	It("takes the context default for DOCKER_HOST or the default socket, as docker does", func() {
		variables := map[string]string{"DOCKER_HOST": "tcp://2.0.0.2:1"}
		ep, err := endpoint.Locate(endpoint.Options{Context: "default"}, env(variables), testLog())
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Name()).To(Equal("tcp://2.0.0.2:1"))
		Expect(ep.Source).To(Equal("DOCKER_HOST"))
	})

	It("refuses TLS without a CA", func() {
		dir := GinkgoT().TempDir()
		variables := map[string]string{"DOCKER_HOST": "tcp://127.0.0.1:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": dir}
		_, err := endpoint.Locate(endpoint.Options{}, env(variables), testLog())
		Expect(err).To(MatchError("TLS material for tcp://127.0.0.1:2376: open " + filepath.Join(dir, "ca.pem") +
			": " + syscall.ENOENT.Error() + "; try: ca.pem, cert.pem and key.pem there, or DOCKER_CERT_PATH"))
	})

	DescribeTable("says that any value of a variable turns TLS on", func(variable, value string) {
		dir := GinkgoT().TempDir()
		variables := map[string]string{"DOCKER_HOST": "tcp://127.0.0.1:2376", variable: value, "DOCKER_CERT_PATH": dir}
		_, err := endpoint.Locate(endpoint.Options{}, env(variables), testLog())
		Expect(err).To(MatchError(HaveSuffix(syscall.ENOENT.Error() + "; try: again without " + variable + ": any value turns TLS on, even " + value)))
	},
		Entry(nil, "DOCKER_TLS_VERIFY", "0"), Entry(nil, "DOCKER_TLS_VERIFY", "false"), Entry(nil, "DOCKER_TLS_VERIFY", "No"), Entry(nil, "DOCKER_TLS", "off"),
	)
})
