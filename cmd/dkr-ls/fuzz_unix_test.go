//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// A form is a command line, and how many lines it prints besides the rows of tags.
type form struct {
	args    string
	besides int
}

func forms() []form {
	return []form{
		{"tags", 1},
		{"tags|--sum", 2},
		{"tags|--digests|--no-trunc|--sort=tag", 1},
		{"tags|--quiet", fewer},
		{"tags|--quiet|--no-trunc", fewer},
		{"tags|--keep=1|--sort=size", fewer},
		{"tags|--maxTags=1|--prefix=a", fewer},
		{"tags|--format=json|--sum", 1},
		{"tags|--format={{.Repository}}:{{.Tag}} {{.ID}}{{.Digest}}", 0},
		{"tags|--format={{.Reference}}", 0},
		{"tags|--format=table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedAt}}", 1},
		{"tags|--format={{.UsedBy}}", 0},
		{"tags|--unused|--format=table {{.Label \"a\"}}\t{{.Labels}}", fewer},
		{"repos", fewer},
		{"repos|--format=json|--sort=size", fewer},
		{"repos|--format={{.Repository}} {{.Tags}}", fewer},
	}
}

// fewer says that a form prints as many lines as there are rows and a header, or fewer.
const fewer = -1

// FuzzRun runs the program in every form on an engine that answers the ping and the list with raw
// bytes. Whatever these are, what is printed holds nothing that hides, moves the cursor, forges a row
// or commands a CI runner; a run that fails prints nothing; and time and memory are bounded.
func FuzzRun(f *testing.F) {
	silence()
	response := func(body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	for form := range forms() {
		for _, list := range []string{
			`[{"Id":"sha256:7e4d58f0e5f3aa","RepoTags":["nginx:latest","app:1"],"RepoDigests":["nginx@sha256:7e4d58f0e5f3aa"],"Created":1600000000,"Size":133000000},{"Id":"sha256:108d75da320faa","RepoTags":null}]`,
			`[{"Id":"a","Labels":{"a":"::error ::x","##[error]":"\u001b"},"Names":["/::error ::x\n"],"Image":"a","ImageID":"a"}]`,
			`[{"Id":"-f","RepoTags":["::error ::a:1","##[error]b:1","a\n::error ::b:1","\u001b[2J\u202e\u3164:1","a  b:1"],"Size":-1},{"Id":"*\r\n::","RepoDigests":["@","::@::"]}]`,
		} {
			f.Add([]byte(nil), []byte(response(list)), uint8(form))
		}
	}
	for _, answer := range []string{
		"", "::error ::x\r\n", "HTTP/1.1 500 ::error::\r\nContent-Length: 31\r\n\r\n{\"message\":\"\\n::error ::##[a]x\"}", response("[]") + "::error ::stray",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: ::x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n" + response(`[{"Id":"a"}]`), response(`[{"Id":"a"`),
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]", "HTTP/1.0 200 OK\r\n\r\n[{\"Id\":\"a\",\"RepoTags\":[\"a:1\"]}]", "SSH-2.0-OpenSSH\r\n",
	} {
		f.Add([]byte(answer), []byte(response("[]")), uint8(0))
		f.Add([]byte("HTTP/1.1 200 OK\r\nApi-Version: 1.99\r\nServer: Libpod/\x1b\r\nContent-Length: 0\r\n\r\n"), []byte(answer), uint8(0))
	}
	var answers atomic.Pointer[[2][]byte] // to the ping, and to the list
	host := serveSocket(f, func(w http.ResponseWriter, r *http.Request) {
		answer := answers.Load()[0]
		if strings.HasSuffix(r.URL.Path, "/json") {
			answer = answers.Load()[1]
		}
		raw(string(answer))(w, r)
	})
	forms := forms()
	f.Fuzz(func(t *testing.T, ping, answer []byte, number uint8) {
		const most = 64 << 10 // enough, and quick
		if len(ping) > most || len(answer) > most {
			t.Skip()
		}
		if len(ping) == 0 {
			ping = []byte("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		}
		answers.Store(&[2][]byte{ping, answer})
		form := forms[int(number)%len(forms)]
		got := boundedRun(t, host, strings.Split(form.args, "|"))
		if got.status != exitOK {
			if got.status != exitFailure || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "Error: ") {
				t.Fatalf("a failure is %+v", got)
			}
			return
		}
		all := boundedRun(t, host, []string{"tags", "--format=json"}).stdout
		for line := range strings.Lines(all) {
			if !json.Valid([]byte(line)) {
				t.Fatalf("%q is not JSON", line)
			}
		}
		rows, lines := strings.Count(all, "\n"), strings.Count(got.stdout, "\n")
		if form.besides == fewer && lines > rows+1 || form.besides != fewer && lines != rows+form.besides || got.stderr != "" {
			t.Fatalf("%d lines for %d rows: %+v", lines, rows, got)
		}
	})
}

// boundedRun runs the program, which may take neither long nor much memory, and checks what it prints.
func boundedRun(t *testing.T, host string, args []string) result {
	t.Helper()
	const patient, most = 10 * time.Second, 256 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	got := choosing(byHost(host)).run(t.Context(), append(args, "--timeout="+patient.String())...)
	if took := time.Since(began); took > patient/2 {
		t.Fatalf("it took %v", took)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > most {
		t.Fatalf("it took %d MiB", took>>20)
	}
	checkText(t, got.stdout+got.stderr)
	return got
}

// checkText fails for lines that do not show what they hold, or command a CI runner.
func checkText(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "##[") {
		t.Fatalf("a command: %q", text)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Fatalf("a command: %q", line)
		}
		for _, r := range strings.TrimSuffix(line, "\n") {
			if r == utf8.RuneError || !unicode.IsPrint(r) {
				t.Fatalf("%q in %q", r, line)
			}
		}
	}
}

// serveSocket serves on a socket, since TCP would run out of ports, and returns its address.
func serveSocket(f *testing.F, handler http.HandlerFunc) (host string) {
	f.Helper()
	dir, err := os.MkdirTemp("", "fuzz") // f.TempDir is too long for a socket
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	if server.Listener, err = new(net.ListenConfig).Listen(f.Context(), "unix", path); err != nil {
		f.Fatal(err)
	}
	server.Start()
	f.Cleanup(server.Close)
	return "unix://" + path
}
