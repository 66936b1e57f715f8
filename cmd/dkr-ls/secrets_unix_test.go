//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/opencontainers/go-digest"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// logins are userinfos, many of which make a URL that is none. Whatever is secret of them is a word
// of [secretWords].
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

// secretWords are what is never to be seen of [logins]: their words, and pieces that errors of
// net/url quote.
func secretWords() []string {
	return []string{"mallory", "hunter", "swordfish", "%hu", "%zz", "hun"}
}

// secretAddresses are addresses that hold them.
func secretAddresses(host string) []string {
	var all []string
	for _, login := range logins() {
		for _, scheme := range []string{"tcp://", "http://", "https://", "ssh://", "ftp://", "fd://", "TCP://", "tcp:", "", "//"} {
			all = append(all, scheme+login+"@"+host)
		}
		all = append(all, "tcp://"+login+"@"+host+"/path", "tcp://"+login+"@"+host+":x", "tcp://"+login+"@")
	}
	return all
}

// withEngines is a process that finds engines as the program does, in an environment of variables.
func withEngines(variables map[string]string, stdout, stderr *strings.Builder) *process {
	getenv := func(name string) string { return variables[name] }
	return &process{
		stdout: stdout, stderr: stderr, now: clock, getenv: getenv,
		connect: func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			endpoint, err := endpoint.Setup(o.Folder, getenv, log).Locate(o)
			if err != nil {
				return nil, err
			}
			return engine.NewClient(endpoint, log)
		},
		contexts: func(folder string) ([]string, []error) { return endpoint.Contexts(folder, getenv) },
	}
}

// dockerFolder is docker's folder with the context prod.
func dockerFolder(host string) (dir string) {
	GinkgoHelper()
	dir = GinkgoT().TempDir()
	quoted, err := json.Marshal(host)
	Expect(err).NotTo(HaveOccurred())
	meta := filepath.Join(dir, "contexts", "meta", digest.FromString("prod").Encoded())
	Expect(os.MkdirAll(meta, 0o700)).To(Succeed())
	Expect(os.WriteFile(filepath.Join(meta, "meta.json"), fmt.Appendf(nil, `{"Name":"prod","Endpoints":{"docker":{"Host":%s}}}`, quoted), 0o600)).To(Succeed())
	return dir
}

// keepsSecrets runs the program at the level that says the most, with a log file, in GitHub Actions, and
// looks for secrets in all that it says.
func keepsSecrets(ctx context.Context, variables map[string]string, args ...string) {
	GinkgoHelper()
	variables["GITHUB_ACTIONS"] = "true"
	logFile := filepath.Join(GinkgoT().TempDir(), "log")
	var stdout, stderr strings.Builder
	status := run(ctx, append([]string{"--log-level=DEBUG", "--log-file", logFile}, args...), withEngines(variables, &stdout, &stderr))
	Expect(stderr.String()).To(ContainSubstring("Error: "))
	logged, err := os.ReadFile(logFile)
	if status != exitUsage {
		Expect(err).NotTo(HaveOccurred())
	}
	said := stdout.String() + stderr.String() + string(logged)
	// Who logs in by ssh is no secret, and the one command to try has to say it.
	said = strings.ReplaceAll(said, "; try: ssh -p 1 mallory@127.0.0.1 docker version", "")
	isSilent(fmt.Sprint(variables, args), said)
}

func isSilent(of any, said string) {
	GinkgoHelper()
	for _, word := range secretWords() {
		Expect(strings.ToLower(said)).NotTo(ContainSubstring(word), "%q in %q", of, said)
	}
}

var _ = Describe("what is secret of an address", func() {
	// An ssh in its usual words: its second argument is the login name.
	BeforeEach(func() {
		dir := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(dir, "ssh"), []byte("#!/bin/sh\necho \"$2@host: Permission denied (publickey).\" >&2\nexit 255\n"), 0o700)).To(Succeed())
		GinkgoT().Setenv("PATH", dir+":"+os.Getenv("PATH"))
	})

	It("is not said where no engine answers", func(ctx SpecContext) {
		for _, address := range secretAddresses("127.0.0.1:1") {
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": address}, "repos")
			if strings.Contains(address, "ssh") { // a process each
				continue
			}
			folder := dockerFolder(address)
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": folder}, "tags", "--context", "prod")
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": "/nonexistent"}, "tags", "--host", address)
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": folder, "DOCKER_HOST": "tcp://127.0.0.1:1"}, "tags", "--context", "*")
		}
	})

	DescribeTable("is not said where what answers is not right", func(ctx SpecContext, answer string) {
		host := strings.TrimPrefix(raw(func(string) string { return answer }).host, "tcp://")
		for _, login := range logins() {
			for _, scheme := range []string{"tcp://", "http://", "https://"} {
				folder := dockerFolder(scheme + login + "@" + host)
				keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": folder, "DOCKER_CONTEXT": "prod"}, "tags")
			}
		}
	},
		Entry("a refusal", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"),
		Entry("another protocol", "what?\r\n"),
	)

	It("is not said with TLS", func(ctx SpecContext) {
		for _, address := range secretAddresses("127.0.0.1:1") {
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": address, "DOCKER_TLS_VERIFY": "1"}, "repos")
		}
	})

	It("is not said where no address belongs", func(ctx SpecContext) {
		for _, address := range secretAddresses("127.0.0.1:1") {
			if !strings.HasPrefix(address, "tcp://") || !strings.HasSuffix(address, "@127.0.0.1:1") { // nginx:1@x is no address to anybody
				continue
			}
			for _, args := range [][]string{
				{address},
				{"tags", address},
				{"help", address},
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
				{"completion", address},
			} {
				keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": "/nonexistent"}, args...)
			}
		}
	})

	It("is not said of a proxy", func(ctx SpecContext) {
		answers := raw(func(string) string {
			return "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
		})
		proxies := func(variable, url string) {
			cmd := dkrlsProcess(ctx, "tcp://192.0.2.1:2375", "tags", "--log-level=DEBUG", "--timeout=500ms")
			cmd.Env = append(cmd.Env, variable+"="+url)
			if variable == "HTTPS_PROXY" {
				cmd.Env = append(cmd.Env, "DOCKER_TLS=1")
			}
			session := start(cmd)
			Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit(1))
			isSilent(cmd.Env, string(session.Out.Contents())+string(session.Err.Contents()))
		}
		for _, login := range logins() {
			proxies("HTTP_PROXY", "http://"+login+"@127.0.0.1:1")
		}
		for _, url := range []string{"http://mallory:hunter2@127.0.0.1:1", "mallory:hunter2@127.0.0.1:1", "http://mallory:hunter2@" + strings.TrimPrefix(answers.host, "tcp://")} {
			for _, variable := range []string{"http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
				proxies(variable, url)
			}
		}
		proxies("HTTP_PROXY", "socks5://mallory:hunter2@127.0.0.1:1")
	})

	It("is not said of headers, keys and credentials", func(ctx SpecContext) {
		write := func(path, text string) {
			GinkgoHelper()
			Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
		}
		for _, headers := range []string{"X-Auth=hunter2", "X-Auth=hunter2\x7f", "X Auth=hunter2", "=hunter2", "hunter2", `X-Auth="hunter2`} {
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_CUSTOM_HEADERS": headers}, "tags")
		}
		for _, config := range []string{
			`{"HttpHeaders":{"X-Auth":"hunter2\u007f"}}`, `{"HttpHeaders":{"X-Auth":["hunter2"]}}`, `{"HttpHeaders":"hunter2"}`,
			`{"auths":{"registry":{"auth":"hunter2"}}}`, `{"auths":{"registry":"hunter2"}}`, `{"auths":hunter2}`, `{"proxies":{"default":"http://mallory:hunter2@x"}}`,
		} {
			folder := dockerFolder("tcp://127.0.0.1:1")
			write(filepath.Join(folder, "config.json"), config)
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": folder, "DOCKER_HOST": "tcp://127.0.0.1:1"}, "tags")
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": folder}, "tags", "--context", "prod")
		}
		for _, key := range []string{"hunter2", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"} {
			folder := GinkgoT().TempDir()
			for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
				write(filepath.Join(folder, name), key)
			}
			keepsSecrets(ctx, map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_CERT_PATH": folder, "DOCKER_TLS_VERIFY": "1", "DOCKER_HOST": "tcp://127.0.0.1:1"}, "tags")
		}
	})
})
