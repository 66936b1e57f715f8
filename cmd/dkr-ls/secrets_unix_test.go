//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// logins are names and passwords, many of which make a URL invalid. Each holds one of [secretWords] or more.
func logins() []string {
	logins := []string{"mallory"}
	for _, password := range []string{
		"hunter2", "hunter2/swordfish", "/hunter2", "hunter2@swordfish", "@hunter2", "%hunter2", "hunter2%zz", "hunter2%2Fswordfish",
		"hunter2#swordfish", "#hunter2", "hunter2?swordfish", "?hunter2@swordfish", "hunter2:swordfish", "[hunter2", "hunter2]", "hunter2 swordfish",
		"hunter2\tswordfish", "hunter2\nswordfish", `hunter2\swordfish`, `"hunter2"`, "'hunter2'", "hunter2://swordfish", "/@hunter2/@swordfish",
		"http://hunter2", "hunter2/swordfish/x@y/hunter2", "\x7fhunter2", "\xffhunter2", "hunter2\u202eswordfish", "`hunter2`", "${hunter2}",
	} {
		logins = append(logins, "mallory:"+password)
	}
	return append(logins, ":hunter2", "mallory/swordfish:hunter2", "mallory@swordfish", "mallory swordfish:hunter2")
}

// secretWords are the words of [logins], and pieces that errors of net/url quote.
func secretWords() []string { return []string{"mallory", "hunter", "swordfish", "%hu", "%zz", "hun"} }

// addresses are addresses with a login.
func addresses(login, host string) (all []string) {
	for _, scheme := range []string{"tcp://", "http://", "https://", "ssh://", "ftp://", "fd://", "TCP://", "tcp:", "", "//"} {
		all = append(all, scheme+login+"@"+host)
	}
	return append(all, "tcp://"+login+"@"+host+"/path", "tcp://"+login+"@"+host+":x", "tcp://"+login+"@")
}

// keepsSecrets fails a run of the program, and looks for secrets in all that it writes: in GitHub Actions, at
// the level that logs the most, into a file as well.
func keepsSecrets(ctx context.Context, env map[string]string, args ...string) {
	GinkgoHelper()
	env = maps.Clone(env)
	env["GITHUB_ACTIONS"] = "true"
	file, err := os.CreateTemp("", "log") // making a folder for each run takes longer than the runs
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }()
	got := choosing(env).run(ctx, append([]string{"--log-level=DEBUG", "--log-file", file.Name()}, args...)...)
	Expect(got.stderr).To(And(ContainSubstring("Error: "), ContainSubstring("::error title=")))
	logged, err := io.ReadAll(file)
	Expect(err).NotTo(HaveOccurred())
	if got.status == exitUsage {
		Expect(logged).To(BeEmpty())
	} else {
		Expect(logged).NotTo(BeEmpty())
	}
	// The login name of ssh is no secret, and the command to try needs it.
	written := strings.ReplaceAll(got.stdout+got.stderr+string(logged), "; try: ssh -p 1 mallory@127.0.0.1 docker version", "")
	for _, word := range secretWords() {
		if strings.Contains(strings.ToLower(written), word) {
			Fail(fmt.Sprintf("%q is in the output of %q in %q: %s", word, args, env, written))
		}
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

var _ = Describe("a password in an address", func() {
	const closed = "127.0.0.1:1"
	BeforeEach(func() { // its second argument is the login name
		ssh := folderOfSSH("echo \"$2@host: Permission denied (publickey).\" >&2\nexit 255")
		GinkgoT().Setenv("PATH", ssh+":"+os.Getenv("PATH"))
	})

	It("is not shown if no engine answers, with TLS or without", func(ctx SpecContext) {
		for _, login := range logins() {
			for _, address := range addresses(login, closed) {
				env := byHost(address)
				keepsSecrets(ctx, env, "repos")
				env["DOCKER_TLS_VERIFY"] = "1"
				keepsSecrets(ctx, env, "repos")
				keepsSecrets(ctx, byHost(""), "tags", "--host", address)
			}
		}
	})

	It("is not shown if a context has it", func(ctx SpecContext) {
		folder := GinkgoT().TempDir()
		env := map[string]string{"DOCKER_CONFIG": folder, "DOCKER_HOST": "tcp://" + closed}
		for _, login := range logins() {
			for _, scheme := range []string{"https://", "ftp://", "", "//", "tcp://"} {
				addContext(folder, "prod", scheme+login+"@"+closed)
				keepsSecrets(ctx, env, "tags", "--context", "prod")
			}
			keepsSecrets(ctx, env, "tags", "--context", "*")
		}
	})

	DescribeTable("is not shown if an engine answers with", func(ctx SpecContext, answer http.HandlerFunc) {
		host := strings.TrimPrefix(serve(answer), "tcp://")
		folder := GinkgoT().TempDir()
		for _, login := range logins() {
			for _, scheme := range []string{"tcp://", "http://", "https://"} {
				addContext(folder, "prod", scheme+login+"@"+host)
				keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": folder, "DOCKER_CONTEXT": "prod"}, "tags")
			}
		}
	},
		Entry("a refusal", status(http.StatusUnauthorized)),
		Entry("another protocol", raw("what?\r\n")),
	)

	It("is not shown by wrong use", func(ctx SpecContext) {
		for _, login := range logins() {
			address := "tcp://" + login + "@" + closed
			for _, args := range [][]string{
				{address},
				{"tags", address},
				{"help", address},
				{"completion", address},
				{"tags", "--context", address},
				{"tags", "--context", address, "--context", "x"},
				{"tags", "--format", address},
				{"tags", "--sort=" + address},
				{"tags", "--timeout", address},
				{"tags", "--minAge", address},
				{"tags", "--minSize", address},
				{"tags", "--prefix", address},
				{"tags", "--exclude=" + address},
				{"tags", "--filter", address},
				{"tags", "-H" + address, "-H", "x"},
				{"tags", "-X" + address},
				{"tags", "--" + address},
				{"--sum=" + address, "tags"},
			} {
				keepsSecrets(ctx, byHost(""), args...)
			}
		}
	})

	It("is not shown of a proxy", func(ctx SpecContext) {
		demanding := strings.TrimPrefix(serve(status(http.StatusProxyAuthRequired)), "tcp://")
		proxies := []string{"socks5://mallory:hunter2@" + closed, "mallory:hunter2@" + closed, "http://mallory:hunter2@" + demanding}
		for _, login := range logins() {
			proxies = append(proxies, "http://"+login+"@"+closed)
		}
		for _, proxy := range proxies {
			for _, variable := range []string{"HTTP_PROXY", "http_proxy"} {
				env := byHost("tcp://engine.test:2375")
				env[variable] = proxy
				keepsSecrets(ctx, env, "tags")
			}
			env := byHost("https://engine.test:2375")
			env["HTTPS_PROXY"] = proxy
			keepsSecrets(ctx, env, "tags")
		}
	})
})

var _ = DescribeTable("a secret is not shown of", func(ctx SpecContext, texts []string, place func(text string) map[string]string) {
	for _, text := range texts {
		keepsSecrets(ctx, place(text), "tags")
	}
},
	Entry("headers", []string{"X-Auth=hunter2", "X-Auth=hunter2\x7f", "X Auth=hunter2", "=hunter2", "hunter2", `X-Auth="hunter2`},
		func(headers string) map[string]string {
			env := byHost("tcp://127.0.0.1:1")
			env["DOCKER_CUSTOM_HEADERS"] = headers
			return env
		}),
	Entry("docker's config file", []string{
		`{"HttpHeaders":{"X-Auth":"hunter2\u007f"}}`, `{"HttpHeaders":{"X-Auth":["hunter2"]}}`, `{"HttpHeaders":"hunter2"}`,
		`{"auths":{"registry":{"auth":"hunter2"}}}`, `{"auths":{"registry":"hunter2"}}`, `{"auths":hunter2}`, `{"proxies":{"default":"http://mallory:hunter2@x"}}`,
	}, func(config string) map[string]string {
		folder := dockerFolder(map[string]string{"prod": "tcp://127.0.0.1:1"})
		put(config, folder, "config.json")
		return map[string]string{"DOCKER_CONFIG": folder, "DOCKER_CONTEXT": "prod"}
	}),
	Entry("keys", []string{"hunter2", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"}, func(key string) map[string]string {
		folder := GinkgoT().TempDir()
		for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
			put(key, folder, name)
		}
		env := byHost("tcp://127.0.0.1:1")
		env["DOCKER_CERT_PATH"], env["DOCKER_TLS_VERIFY"] = folder, "1"
		return env
	}),
)
