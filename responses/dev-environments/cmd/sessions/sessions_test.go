package main

import (
	"net"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestSessions(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "sessions")
}

var _ = DescribeTable("counts what lasts: no listener, nothing that has gone at the second look, or has only come by then", func(address string) {
	listener, err := net.Listen("tcp", address)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(listener.Close)
	port := uint64(listener.Addr().(*net.TCPAddr).Port)
	Expect(established(port)).To(BeEmpty())
	connect := func() net.Conn {
		GinkgoHelper()
		client, err := net.Dial("tcp", listener.Addr().String())
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { client.Close() }) // an error: closed before
		served, err := listener.Accept()
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(served.Close) // kept until then: the garbage collector closes a connection that nothing refers to
		return client
	}
	connect()
	probe := connect()
	Expect(established(port)).To(HaveLen(2))
	Expect(lasting(port, func() {
		probe.Close()
		connect()
	})).To(Equal(1))
},
	Entry("IPv4", "127.0.0.1:0"),
	Entry("IPv6", "[::1]:0"),
)
