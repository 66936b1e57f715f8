package engine_test

import (
	"errors"
	"net/http"
	"net/http/httptrace"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// transport is an http.RoundTripper.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) { return t(req) }

var _ = DescribeTable("a request on a connection that breaks is sent again only where nothing of it was sent",
	func(ctx SpecContext, reused, written bool, times int) {
		sent := 0
		client := &http.Client{Transport: transport(func(req *http.Request) (*http.Response, error) {
			sent++
			trace := httptrace.ContextClientTrace(req.Context())
			trace.GotConn(httptrace.GotConnInfo{Reused: reused && sent == 1})
			if written {
				trace.WroteRequest(httptrace.WroteRequestInfo{})
			}
			return nil, errors.New("it broke")
		})}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine/images/json", http.NoBody)
		Expect(err).NotTo(HaveOccurred())
		resp, connected, err := engine.SendOnce(client, req)
		Expect(err).To(MatchError(ContainSubstring("it broke")))
		Expect(resp).To(BeNil())
		Expect(connected).To(BeTrue())
		Expect(sent).To(Equal(times))
	},
	Entry("a new connection", false, false, 1),
	Entry("one that has served before, and closed in between", true, false, 2),
	Entry("one that has served before, and breaks after the request", true, true, 1),
)
