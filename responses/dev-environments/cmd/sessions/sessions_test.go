package main

import (
	"net"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestSessions(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "sessions")
}

// 2222 is 08AE, 9102 is 238E.
const headline = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
const tcp = headline +
	"   0: 00000000:08AE 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 101 1 0 100 0 0 10 0\n" +
	"   1: 0500F40A:08AE 0100F40A:C350 01 00000000:00000000 02:000A5D0B 00000000  1000        0 102 2 0 20 4 30 10 -1\n" +
	"   2: 0500F40A:08AE 0100F40A:C351 01 00000000:00000000 02:000A5D0B 00000000  1000        0 103 2 0 20 4 30 10 -1\n" +
	"   3: 0500F40A:08AE 0100F40A:C352 06 00000000:00000000 03:00000A5D 00000000     0        0 0 3 0\n" +
	"   4: 0500F40A:238E 0100F40A:C353 01 00000000:00000000 02:000A5D0B 00000000 65532        0 104 2 0 20 4 30 10 -1\n" +
	"   5: 0500F40A:C354 0600F40A:08AE 01 00000000:00000000 02:000A5D0B 00000000  1000        0 105 2 0 20 4 30 10 -1\n"
const tcp6 = headline +
	"   0: 00000000000000000000000000000000:08AE 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 201 1 0 100 0 0 10 0\n" +
	"   1: 0000000000000000FFFF00000500F40A:08AE 0000000000000000FFFF00000100F40A:C355 01 00000000:00000000 02:000A5D0B 00000000  1000        0 202 2 0 20 4 30 10 -1\n"

var _ = Describe("the kernel's table of connections", func() {
	It("counts what is established to sshd: no listener, no ended one, no other port, no session to another environment", func() {
		Expect(parse(strings.NewReader(tcp), 2222)).To(HaveLen(2))
	})
	It("counts IPv6, in which the kernel shows IPv4 clients of a socket for both", func() {
		Expect(parse(strings.NewReader(tcp6), 2222)).To(HaveLen(1))
	})
	It("counts nothing where nobody is connected", func() {
		Expect(parse(strings.NewReader(headline), 2222)).To(BeEmpty())
	})
	DescribeTable("is refused, and not taken for zero, where it is something else", func(table, message string) {
		_, err := parse(strings.NewReader(table), 2222)
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("nothing", "", "no headline"),
		Entry("a short line", headline+"0: 1\n", "not a connection"),
		Entry("an address without a port", headline+"0: 0500F40A 0100F40A:C350 01\n", "not a local address"),
	)
	It("shows a real connection, but none that has gone at the second look, or has only come by then", func() {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		port := uint16(listener.Addr().(*net.TCPAddr).Port)
		connect := func() net.Conn {
			GinkgoHelper()
			client, err := net.Dial("tcp", listener.Addr().String())
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(func() { client.Close() }) // an error: closed before
			_, err = listener.Accept()
			Expect(err).NotTo(HaveOccurred())
			return client
		}
		connect()
		probe := connect()
		Expect(established(port)).To(HaveLen(2))
		changed := make(chan struct{})
		time.AfterFunc(100*time.Millisecond, func() {
			defer GinkgoRecover()
			defer close(changed)
			probe.Close()
			connect()
		})
		Expect(lasting(port, time.Second)).To(Equal(1))
		Eventually(changed).Should(BeClosed())
	})
})
