//go:build unix

package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// kinds are the inventories: ten images to a repository, one in 20 untagged; all with a digest, many with
// a second tag; and each image a repository.
func kinds() []string { return []string{"plain", "more names", "a repository each"} }

// inventory is the list of n images as an engine sends it, about 590 bytes each.
func inventory(n int, kind string) []byte {
	var b strings.Builder
	for i := range n {
		name := fmt.Sprintf("123456789000.dkr.ecr.us-east-1.amazonaws.com/team/app-%d", i/10)
		if kind == "a repository each" {
			name = fmt.Sprintf("123456789000.dkr.ecr.us-east-1.amazonaws.com/team/app-%d", i)
		}
		tags, digests := fmt.Sprintf(`"%s:20260101-%d"`, name, i), fmt.Sprintf(`"%s@sha256:%064x"`, name, i+n)
		switch {
		case kind == "plain" && i%20 == 0:
			tags, digests = "", ""
		case kind == "more names" && i%5 == 0:
			tags += fmt.Sprintf(`,"%s-release:1.%d"`, name, i)
		}
		fmt.Fprintf(&b, `,{"Containers":-1,"Created":%d,"Id":"sha256:%x","Labels":{"maintainer":"the team",`+
			`"org.opencontainers.image.revision":"%040x","org.opencontainers.image.source":"https://git.example/team/app"},`+
			`"ParentId":"","RepoDigests":[%s],"RepoTags":[%s],"SharedSize":-1,"Size":%d}`,
			1_600_000_000+(i*7919)%100_000_000, sha256.Sum256([]byte(strconv.Itoa(i))), i, digests, tags, 1_000_000+(i*104729)%2_000_000_000)
	}
	return []byte("[" + strings.TrimPrefix(b.String(), ",") + "]\n")
}

// serve is an engine with this list, until it is stopped.
func serve(list []byte) (host string, stop func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("/_ping", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.45") })
	mux.HandleFunc("GET /{version}/images/json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(list)
	})
	server := httptest.NewServer(mux)
	return "tcp://" + server.Listener.Addr().String(), server.Close
}
