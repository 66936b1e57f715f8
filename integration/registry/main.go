// Registry serves one image over the distribution API, read only, by digest: as much of a registry as
// `docker pull NAME@DIGEST` needs. The suite runs it beside an engine, since loading an archive cannot
// make an image that has a digest and no tag.
//
//	registry ADDRESS ARCHITECTURE CREATED SIZE
//
// It answers for any repository name. CREATED is in seconds since 1970.
package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

func main() {
	if err := serve(os.Args[1], os.Args[2], strings.Join(os.Args[3:], " ")); err != nil {
		fmt.Fprintln(os.Stderr, "registry:", err)
		os.Exit(1)
	}
}

func serve(address, arch, image string) error {
	var created, size int64
	if _, err := fmt.Sscan(image, &created, &size); err != nil {
		return err
	}
	archive, err := fixture.Build(arch, []fixture.Image{{Created: time.Unix(created, 0), Size: size}})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	// The suite waits for this line: from here on connections are accepted.
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{Handler: handler(archive), ReadHeaderTimeout: time.Minute}
	return server.Serve(listener)
}

// handler answers /v2/, /v2/NAME/manifests/DIGEST and /v2/NAME/blobs/DIGEST.
func handler(archive *fixture.Archive) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		digest := path.Base(r.URL.Path)
		content := archive.Blob(digest)
		if content == nil && r.URL.Path != "/v2/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Docker-Content-Digest", digest)
		w.Header().Set("Content-Type", "application/octet-stream")
		if strings.Contains(r.URL.Path, "/manifests/") {
			w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}
