// Registry serves the images of one archive over the distribution API, read
// only, by digest: as much of a registry as `docker pull NAME@DIGEST` needs.
// The suite runs it beside an engine, since loading an archive cannot make an
// image that has a digest and no tag.
//
//	registry ADDRESS ARCHIVE
//
// It answers for any repository name.
package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: registry ADDRESS ARCHIVE")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "registry:", err)
		os.Exit(1)
	}
}

func serve(address, archive string) error {
	blobs, err := readBlobs(archive)
	if err != nil {
		return fmt.Errorf("reading %s: %w", archive, err)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	// The suite waits for this line: from here on connections are accepted.
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{Handler: handler(blobs), ReadHeaderTimeout: time.Minute}
	return server.Serve(listener)
}

// readBlobs returns the archive's blobs by digest.
func readBlobs(archive string) (map[string][]byte, error) {
	file, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read

	blobs := map[string][]byte{}
	reader := tar.NewReader(file)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return blobs, nil
		}
		if err != nil {
			return nil, err
		}
		if hex, ok := strings.CutPrefix(header.Name, "blobs/sha256/"); ok {
			if blobs["sha256:"+hex], err = io.ReadAll(reader); err != nil {
				return nil, err
			}
		}
	}
}

// handler answers /v2/, /v2/NAME/manifests/DIGEST and /v2/NAME/blobs/DIGEST.
func handler(blobs map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v2/" {
			return
		}
		digest := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		content, ok := blobs[digest]
		if !ok {
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
