package engine

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// sendOnce sends a GET that the engine must see only once. Where a connection breaks that has served before,
// net/http repeats a GET, whether or not the engine has seen it; this repeats it only if nothing was sent.
func sendOnce(client *http.Client, req *http.Request) (*http.Response, error) {
	for {
		var reused, written atomic.Bool
		ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
			GotConn:      func(info httptrace.GotConnInfo) { reused.Store(info.Reused) },
			WroteRequest: func(httptrace.WroteRequestInfo) { written.Store(true) },
		})
		once := req.WithContext(ctx)
		once.Body = unrepeatable{}   // so that net/http cannot repeat it
		resp, err := client.Do(once) //nolint:gosec // the address is the one that the user chose
		if err == nil || !reused.Load() || written.Load() || ctx.Err() != nil {
			return resp, err
		}
	}
}

// unrepeatable is an empty body that, unlike [http.NoBody], net/http does not repeat.
type unrepeatable struct{}

func (unrepeatable) Read([]byte) (int, error) { return 0, io.EOF }
func (unrepeatable) Close() error             { return nil }
