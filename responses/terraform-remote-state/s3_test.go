package remotestate

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"sync"
)

// bucket is as much of S3 as a state backend uses: whole objects, and a PUT that fails if the object exists.
type bucket struct {
	sync.Mutex
	objects map[string][]byte
	log     []string // "METHOD key", with the headers that matter, in order
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.Lock()
	defer b.Unlock()
	_, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	object, exists := b.objects[key]
	b.log = append(b.log, strings.Join(strings.Fields(strings.Join([]string{r.Method, key,
		r.Header.Get("If-None-Match"), r.Header.Get("X-Amz-Server-Side-Encryption")}, " ")), " "))

	switch {
	case key == "": // a listing, for the workspaces: there is only the default one
		_, _ = io.WriteString(w, `<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>`)
	case r.Method == http.MethodPut && exists && r.Header.Get("If-None-Match") == "*":
		fail(w, http.StatusPreconditionFailed, "PreconditionFailed")
	case r.Method == http.MethodPut:
		b.objects[key], _ = io.ReadAll(r.Body)
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !exists:
		fail(w, http.StatusNotFound, "NoSuchKey")
	default:
		sum := md5.Sum(object)
		w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
		_, _ = w.Write(object)
	}
}

func fail(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code></Error>")
}

func (b *bucket) get(key string) string {
	b.Lock()
	defer b.Unlock()
	return string(b.objects[key])
}

func (b *bucket) put(key, value string) {
	b.Lock()
	defer b.Unlock()
	b.objects[key] = []byte(value)
}

func (b *bucket) requests() string {
	b.Lock()
	defer b.Unlock()
	return strings.Join(b.log, "\n")
}
