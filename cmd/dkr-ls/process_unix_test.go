//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/opencontainers/go-digest"
)

// Some specs run the built program as a process, for what only a process has: signals, file descriptors,
// an environment, a clock that runs. Their engines are stand-ins.

// binary is the program that DKR_LS_BINARY names, or is built when the first spec asks for it.
var binary = sync.OnceValue(func() string {
	GinkgoHelper()
	if built := os.Getenv("DKR_LS_BINARY"); built != "" {
		return built
	}
	path, err := gexec.Build("github.com/dkr-ls/dkr-ls/cmd/dkr-ls")
	Expect(err).NotTo(HaveOccurred())
	return path
})

var _ = AfterSuite(gexec.CleanupBuildArtifacts)

// dkrlsCmd is dkr-ls in an environment that has only the address of its engine, and a config folder that
// does not exist.
func dkrlsCmd(ctx SpecContext, host string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary(), args...)
	cmd.Env = []string{"DOCKER_CONFIG=/nonexistent", "DOCKER_HOST=" + host}
	return cmd
}

// inShell is a line of a shell, sh -c by default, in the environment of the program, which is on its PATH.
func inShell(ctx SpecContext, host, line string, shell ...string) *exec.Cmd {
	if len(shell) == 0 {
		shell = []string{"sh"}
	}
	cmd := dkrlsCmd(ctx, host)
	cmd.Path, cmd.Args = "/bin/"+shell[0], append(shell, "-c", line)
	cmd.Env = append(cmd.Env, "PATH="+linked("dkr-ls")+":"+os.Getenv("PATH"))
	return cmd
}

// linked is a new folder with a link of this name to the program.
func linked(name string) (dir string) {
	GinkgoHelper()
	dir = GinkgoT().TempDir()
	Expect(os.Symlink(binary(), filepath.Join(dir, name))).To(Succeed())
	return dir
}

// withEnv is cmd with more variables.
func withEnv(cmd *exec.Cmd, variables ...string) *exec.Cmd {
	cmd.Env = append(cmd.Env, variables...)
	return cmd
}

// withSSH is cmd with a stand-in for ssh, which runs a script of sh.
func withSSH(cmd *exec.Cmd, script string) *exec.Cmd {
	return withEnv(cmd, "PATH="+folderOfSSH(script)+":"+os.Getenv("PATH"))
}

func folderOfSSH(script string) (dir string) {
	GinkgoHelper()
	dir = GinkgoT().TempDir()
	Expect(os.WriteFile(filepath.Join(dir, "ssh"), []byte("#!/bin/sh\n"+script+"\n"), 0o700)).To(Succeed())
	return dir
}

func start(cmd *exec.Cmd) *gexec.Session {
	GinkgoHelper()
	session, err := gexec.Start(cmd, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill().Wait() })
	return session
}

// ended runs cmd to its end, and returns its result.
func ended(cmd *exec.Cmd) result {
	GinkgoHelper()
	session := start(cmd)
	Eventually(session).Should(gexec.Exit())
	return result{session.ExitCode(), string(session.Out.Contents()), string(session.Err.Contents())}
}

// serve starts an engine, for the spec, and returns its address as DOCKER_HOST has it.
func serve(handler http.HandlerFunc) (host string) {
	server := httptest.NewServer(handler)
	DeferCleanup(func() { server.CloseClientConnections(); server.Close() })
	return strings.Replace(server.URL, "http", "tcp", 1)
}

// listing starts an engine that answers with images, which are JSON.
func listing(images string) (host string) { return serve(answering(write(images))) }

// answering answers the ping, and leaves the list to list.
func answering(list http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		if strings.HasSuffix(r.URL.Path, "/json") {
			list(w, r)
		}
	}
}

func write(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}

// raw answers with these bytes, which need not be HTTP, and hangs up.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = conn.Write([]byte(text))
			_ = conn.Close()
		}
	}
}

const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n"

// hang answers with the start of an answer, if any, signals that it did, and waits for the client to give up.
func hang(started string, arrived chan<- struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if started != "" {
			_, _ = w.Write([]byte(started))
			w.(http.Flusher).Flush()
		}
		select {
		case arrived <- struct{}{}:
		default:
		}
		<-r.Context().Done()
	}
}

// silent starts an engine that takes requests and says nothing.
func silent() (host string) { return serve(hang("", nil)) }

// dockerFolder makes docker's folder with a context for each address.
func dockerFolder(hosts map[string]string) (dir string) {
	GinkgoHelper()
	dir = GinkgoT().TempDir()
	for name, host := range hosts {
		addContext(dir, name, host)
	}
	return dir
}

// addContext adds a context to docker's folder, and returns the folder with its metadata.
func addContext(folder, name, host string) (meta string) {
	GinkgoHelper()
	text := fmt.Sprintf(`{"Name":%s,"Endpoints":{"docker":{"Host":%s}}}`, jsonOf(name), jsonOf(host))
	return filepath.Dir(put(text, folder, "contexts", "meta", digest.FromString(name).Encoded(), "meta.json"))
}

// jsonOf is text in JSON, which need not be UTF-8.
func jsonOf(text string) []byte {
	GinkgoHelper()
	json, err := json.Marshal(text)
	Expect(err).NotTo(HaveOccurred())
	return json
}

// put writes a file, in folders that need not exist, and returns its path.
func put(text string, path ...string) string {
	GinkgoHelper()
	file := filepath.Join(path...)
	Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
	Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
	return file
}

// skipAloud skips, and shows why even where skipped specs are not shown.
func skipAloud(reason string) {
	AddReportEntry(reason, ReportEntryVisibilityAlways)
	Skip(reason)
}
