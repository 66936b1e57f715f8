//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// A rawEngine answers each request with bytes of its own. It ends with the spec.
type rawEngine struct {
	host string

	lock     sync.Mutex
	requests []string // method and path
}

// raw starts an engine whose answers are those of answer to a path; an empty one hangs up. It is
// asked from several goroutines.
func raw(answer func(path string) string) *rawEngine {
	GinkgoHelper()
	listener, err := (&net.ListenConfig{}).Listen(GinkgoT().Context(), "tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	e := &rawEngine{host: "tcp://" + listener.Addr().String()}
	var conns sync.WaitGroup
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			DeferCleanup(func() { _ = conn.Close() }) // it may be closed already
			conns.Go(func() { e.serve(conn, answer) })
		}
	}()
	DeferCleanup(listener.Close)
	return e
}

func (e *rawEngine) serve(conn net.Conn, answer func(string) string) {
	requests := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(requests)
		if err != nil {
			return
		}
		e.lock.Lock()
		e.requests = append(e.requests, request.Method+" "+request.URL.Path)
		e.lock.Unlock()
		text := answer(request.URL.Path)
		if text == "" {
			_ = conn.Close()
			return
		}
		_, _ = conn.Write([]byte(text))
	}
}

// asked are the requests so far.
func (e *rawEngine) asked() []string {
	e.lock.Lock()
	defer e.lock.Unlock()
	return append([]string(nil), e.requests...)
}

// response is an answer of status 200 with a body.
func response(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// ended is what a process that does not wait left behind.
func ended(ctx SpecContext, host string, args ...string) result {
	GinkgoHelper()
	session := start(dkrlsProcess(ctx, host, args...))
	Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit())
	return result{session.ExitCode(), string(session.Out.Contents()), string(session.Err.Contents())}
}

var _ = Describe("an engine that does not keep to HTTP", func() {
	It("makes no noise with bytes behind its answers", func(ctx SpecContext) {
		e := raw(func(path string) string {
			if strings.HasSuffix(path, "/_ping") {
				return response("OK")
			}
			return response("[]") + "::error ::stray"
		})
		for range 5 {
			Expect(ended(ctx, e.host, "tags")).To(Equal(result{0, header, ""}))
		}
	})

	It("is asked once, even where the connection breaks", func(ctx SpecContext) {
		e := raw(func(path string) string {
			if strings.HasSuffix(path, "/_ping") {
				return response("OK")
			}
			return ""
		})
		got := ended(ctx, e.host, "tags")
		Expect(got.status).To(Equal(1))
		Expect(got.stdout).To(BeEmpty())
		Expect(got.stderr).To(HavePrefix("Error: listing images: the engine at " + e.host))
		Expect(e.asked()).To(Equal([]string{"GET /_ping", "GET /v1.41/images/json"}))
	})

	It("does not hold a run up by speaking another protocol", func(ctx SpecContext) {
		e := raw(func(path string) string {
			if strings.HasSuffix(path, "/_ping") {
				return response("OK")
			}
			return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n"
		})
		got := ended(ctx, e.host, "tags", "--timeout=0")
		Expect(got.status).To(Equal(1))
		Expect(got.stderr).To(HavePrefix("Error: listing images: the engine at " + e.host +
			" (chosen by DOCKER_HOST): it answers 101: Switching Protocols"))
	})
})
