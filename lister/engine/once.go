package engine

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// sendOnce sends a GET that the engine is to see once. Where a connection that has served before
// breaks, net/http sends a GET again, whatever the engine has seen of the first; here it is sent
// again only where nothing of it was.
func sendOnce(client *http.Client, req *http.Request) (*http.Response, error) {
	for {
		var reused, written atomic.Bool
		ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
			GotConn:      func(info httptrace.GotConnInfo) { reused.Store(info.Reused) },
			WroteRequest: func(httptrace.WroteRequestInfo) { written.Store(true) },
		})
		once := req.WithContext(ctx)
		once.Body = unrepeatable{}   // which tells net/http that it cannot send the request again
		resp, err := client.Do(once) //nolint:gosec // the address is the one that the user chose
		if err == nil || !reused.Load() || written.Load() || ctx.Err() != nil {
			return resp, err
		}
	}
}

// unrepeatable is a body without a byte, other than [http.NoBody] to net/http.
type unrepeatable struct{}

func (unrepeatable) Read([]byte) (int, error) { return 0, io.EOF }
func (unrepeatable) Close() error             { return nil }
