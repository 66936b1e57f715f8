// The command bench measures dkr-ls against docker images on a stand-in engine, as whole processes
// that take turns. hack/bench.sh runs it.
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is the measurement, or one of the processes that it starts: "serve SOCKET IMAGES INVENTORY", a
// stand-in engine, and "transfer ADDRESS", which reads its answer and throws it away; or "await", which
// returns once a real engine answers.
func run(ctx context.Context) error {
	dkrls := flag.String("dkr-ls", "bin/dkr-ls", "the dkr-ls to measure")
	images := flag.String("images", "8,10000,100000", "how many images the engine has, one table row each")
	formsAt := flag.Int("forms-at", 100000, "at how many images to measure all forms, in both inventories")
	runs := flag.Int("runs", 0, "runs of each command a row (default: more where they are short)")
	host := flag.String("host", "", "the address of a real engine to measure on, instead of a stand-in")
	flag.Parse()
	switch flag.Arg(0) {
	case "await":
		return await(ctx, *host)
	case "serve":
		n, err := strconv.Atoi(flag.Arg(2))
		if err != nil {
			return err
		}
		return serve(ctx, flag.Arg(1), inventory(n, flag.Arg(3) == namedInventory))
	case "transfer":
		return transfer(ctx, flag.Arg(1))
	}
	dir, err := os.MkdirTemp("", "dkr-ls-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b, err := newBench(dir, *dkrls, *runs, *formsAt)
	if err != nil {
		return err
	}
	if *host != "" {
		b.host = *host
		return b.real(ctx)
	}
	return b.table(ctx, strings.Split(*images, ","))
}

// serve is an engine that answers with body until ctx ends.
func serve(ctx context.Context, socket string, body []byte) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/_ping", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.45") })
	mux.HandleFunc("GET /{version}/images/json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", socket)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: deadline}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// The inventories: the second has more names.
const plainInventory, namedInventory = "plain", "named"

// inventory is the list of n images as an engine sends it: about 590 bytes each, a repository for
// every ten of them, one in 20 untagged. With more names, all have a digest, and one in five a second
// tag, in a repository of its own.
func inventory(n int, named bool) []byte {
	var b strings.Builder
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		tags, digests := "null", "[]"
		if i%20 != 0 || named {
			name := fmt.Sprintf("123456789000.dkr.ecr.us-east-1.amazonaws.com/team/app-%d", i/10)
			tags = fmt.Sprintf(`["%s:20260101-%d"]`, name, i)
			digests = fmt.Sprintf(`["%s@sha256:%064x"]`, name, i+n)
			if named && i%5 == 0 {
				tags = fmt.Sprintf(`["%[1]s:20260101-%[2]d","%[1]s-release:1.%[2]d"]`, name, i)
			}
		}
		fmt.Fprintf(&b, `{"Containers":-1,"Created":%d,"Id":"sha256:%x","Labels":{"maintainer":"the team","org.opencontainers.image.revision":"%040x",`+
			`"org.opencontainers.image.source":"https://git.example/team/app"},"ParentId":"","RepoDigests":%s,"RepoTags":%s,"SharedSize":-1,"Size":%d}`,
			1_600_000_000+(i*7919)%100_000_000, sha256.Sum256([]byte(strconv.Itoa(i))), i, digests, tags, 1_000_000+(i*104729)%2_000_000_000)
	}
	b.WriteString("]\n")
	return []byte(b.String())
}

// transfer reads the list and nothing more: what no listing can be faster than.
func transfer(ctx context.Context, address string) error {
	return get(ctx, address, "/v1.45/images/json")
}

// await returns once the engine at an address answers.
func await(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := get(ctx, address, "/_ping")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the engine at %s does not answer: %w", address, err)
		case <-tick.C:
		}
	}
}

// get reads what an engine answers to a GET.
func get(ctx context.Context, address, path string) error {
	network, where, _ := strings.Cut(address, "://")
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, where)
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine"+path, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func socketIn(dir string) string { return filepath.Join(dir, "engine.sock") }
