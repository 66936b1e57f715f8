//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A fuzzedForm is a command line, and how many lines it prints of an engine's rows.
type fuzzedForm struct {
	args    string
	filter  lister.Filter
	besides int // lines that are no rows
	count   func([]*lister.Row) int
}

func fuzzedForms() []fuzzedForm {
	rows := func(tags []*lister.Row) int { return len(tags) }
	of := func(part func(*lister.Row) string) func([]*lister.Row) int {
		return func(tags []*lister.Row) int {
			parts := map[string]bool{}
			for _, tag := range tags {
				parts[part(tag)] = true
			}
			return len(parts)
		}
	}
	ids, repos := of(func(t *lister.Row) string { return t.ID }), of(func(t *lister.Row) string { return t.Repository })
	return []fuzzedForm{
		{"tags", lister.Filter{}, 1, rows},
		{"tags|--sum", lister.Filter{}, 2, rows},
		{"tags|--digests|--no-trunc|--sort=tag", lister.Filter{}, 1, rows},
		{"tags|--quiet", lister.Filter{}, 0, ids},
		{"tags|--quiet|--no-trunc", lister.Filter{}, 0, ids},
		{"tags|--keep=1|--sort=size", lister.Filter{Keep: 1}, 1, rows},
		{"tags|--maxTags=1|--prefix=a", lister.Filter{MaxTags: 1, Prefixes: []string{"a"}}, 1, rows},
		{"tags|--format=json", lister.Filter{}, 0, rows},
		{"tags|--format=json|--sum", lister.Filter{}, 1, rows},
		{"tags|--format={{.Repository}}:{{.Tag}} {{.ID}}{{.Digest}}", lister.Filter{}, 0, rows},
		{"tags|--format={{.Reference}}", lister.Filter{}, 0, rows},
		{"tags|--format=table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedAt}}", lister.Filter{}, 1, rows},
		{"repos", lister.Filter{}, 1, repos},
		{"repos|--format=json|--sort=size", lister.Filter{}, 0, repos},
		{"repos|--format={{.Repository}} {{.Tags}}", lister.Filter{}, 0, repos},
	}
}

// FuzzRun runs the program in every form on an engine that answers the ping and the list with raw
// bytes. Whatever these are, what is printed holds nothing that hides, moves the cursor, forges a row
// or is a command to a CI runner; a run that fails prints nothing; and time and memory are bounded.
func FuzzRun(f *testing.F) {
	silence()
	list := func(body string) []byte { return []byte(response(body)) }
	for form := range fuzzedForms() {
		f.Add([]byte(nil), list(`[{"Id":"sha256:7e4d58f0e5f3aa","RepoTags":["nginx:latest","app:1"],"RepoDigests":["nginx@sha256:7e4d58f0e5f3aa"],"Created":1600000000,"Size":133000000},{"Id":"sha256:108d75da320faa","RepoTags":null}]`), uint8(form))
		f.Add([]byte(nil), list(`[{"Id":"-f","RepoTags":["::error ::a:1","##[error]b:1","a\n::error ::b:1","\u001b[2J\u202e\u3164:1","a  b:1"],"Size":-1},{"Id":"*\r\n::","RepoDigests":["@","::@::"]}]`), uint8(form))
	}
	for _, answer := range []string{
		"", "::error ::x\r\n", "HTTP/1.1 500 ::error::\r\nContent-Length: 31\r\n\r\n{\"message\":\"\\n::error ::##[a]x\"}", response("[]") + "::error ::stray",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: ::x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n" + response(`[{"Id":"a"}]`), response(`[{"Id":"a"`),
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]", "HTTP/1.0 200 OK\r\n\r\n[{\"Id\":\"a\",\"RepoTags\":[\"a:1\"]}]", "SSH-2.0-OpenSSH\r\n",
	} {
		f.Add([]byte(answer), list("[]"), uint8(0))
		f.Add([]byte("HTTP/1.1 200 OK\r\nApi-Version: 1.99\r\nServer: Libpod/\x1b\r\nContent-Length: 0\r\n\r\n"), []byte(answer), uint8(0))
	}
	e, forms := newFuzzedEngine(f), fuzzedForms()
	f.Fuzz(func(t *testing.T, ping, answer []byte, form uint8) {
		const most = 64 << 10 // enough, and quick
		if len(ping) > most || len(answer) > most {
			t.Skip()
		}
		if len(ping) == 0 {
			ping = []byte("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		}
		e.answer(ping, answer)
		asked := forms[int(form)%len(forms)]
		got := boundedRun(t, e.host, strings.Split(asked.args, "|"))
		checkText(t, got.stdout+got.stderr)
		if got.status != exitOK {
			if got.status != exitFailure || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "Error: ") {
				t.Fatalf("a failure is %+v", got)
			}
			return
		}
		images, err := strictly(answer)
		if errors.Is(err, errAmbiguous) {
			return
		}
		if err != nil {
			t.Fatalf("%q is listed: %v", answer, err)
		}
		tags, err := lister.Lister{Engine: images, Now: clock}.Tags(t.Context(), asked.filter)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(got.stdout, "\n"); lines != asked.count(tags)+asked.besides || got.stderr != "" {
			t.Fatalf("%d lines, and not %d and %d: %+v", lines, asked.count(tags), asked.besides, got)
		}
	})
}

// boundedRun runs the program, which may take neither long nor much memory.
func boundedRun(t *testing.T, host string, args []string) result {
	t.Helper()
	const patient, most = 10 * time.Second, 256 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	var stdout, stderr strings.Builder
	status := run(t.Context(), append(args, "--timeout="+patient.String()),
		withEngines(map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": host}, &stdout, &stderr))
	if took := time.Since(began); took > patient/2 {
		t.Fatalf("it took %v", took)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > most {
		t.Fatalf("it took %d MiB", took>>20)
	}
	return result{status, stdout.String(), stderr.String()}
}

// checkText fails where lines do not show what they hold, or are commands to a CI runner.
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

// A fuzzedEngine answers a request with raw bytes, and hangs up.
type fuzzedEngine struct {
	host string

	lock       sync.Mutex
	ping, list []byte
}

func newFuzzedEngine(f *testing.F) *fuzzedEngine {
	f.Helper()
	dir, err := os.MkdirTemp("", "fuzz") // f.TempDir is too long for a socket
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	listener, err := (&net.ListenConfig{}).Listen(f.Context(), "unix", socket)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = listener.Close() })
	e := &fuzzedEngine{host: "unix://" + socket}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go e.serve(conn)
		}
	}()
	return e
}

func (e *fuzzedEngine) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	e.lock.Lock()
	answer := e.ping
	if strings.HasSuffix(request.URL.Path, "/json") {
		answer = e.list
	}
	e.lock.Unlock()
	_, _ = conn.Write(answer)
}

func (e *fuzzedEngine) answer(ping, list []byte) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.ping, e.list = ping, list
}

// errAmbiguous is an answer that decoders may read in different ways.
var errAmbiguous = errors.New("it may be read in several ways")

// strictly reads an answer of status 200 with the decoder of Go's library, or fails.
func strictly(answer []byte) (engineOf, error) {
	reader := bufio.NewReader(bytes.NewReader(answer))
	var body []byte
	for {
		resp, err := http.ReadResponse(reader, &http.Request{Method: http.MethodGet})
		if err != nil {
			return nil, err
		}
		if resp.StatusCode/100 == 1 {
			continue
		}
		if resp.StatusCode != http.StatusOK {
			return nil, errors.New(resp.Status)
		}
		body, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return nil, err
		}
		break
	}
	if !utf8.Valid(body) {
		return nil, errAmbiguous
	}
	var objects []map[string]json.RawMessage
	if err := json.Unmarshal(body, &objects); err != nil {
		return nil, err
	}
	var images engineOf
	for _, object := range objects {
		var image lister.Image
		for field, into := range map[string]any{
			"Id": &image.ID, "RepoTags": &image.RepoTags, "RepoDigests": &image.RepoDigests, "Created": &image.Created, "Size": &image.Size,
		} {
			names := slices.DeleteFunc(slices.Collect(maps.Keys(object)), func(name string) bool { return !strings.EqualFold(name, field) })
			if len(names) > 1 || len(names) == 1 && len(names[0]) != len(field) {
				return nil, errAmbiguous
			}
			if len(names) == 1 {
				if err := json.Unmarshal(object[names[0]], into); err != nil {
					return nil, err
				}
			}
		}
		images = append(images, image)
	}
	return images, nil
}
