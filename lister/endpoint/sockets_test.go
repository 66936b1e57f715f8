//go:build unix

package endpoint_test

import (
	"os/user"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("the sockets of other engines", func() {
	sockets := func(variables map[string]string) []string {
		GinkgoHelper()
		ep, err := locate(endpoint.Options{}, variables)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Sockets).NotTo(BeEmpty())
		return ep.Sockets
	}

	DescribeTable("are never looked for in the working folder", func(variables map[string]string) {
		Expect(sockets(variables)).To(HaveEach(HavePrefix("/")))
	},
		Entry("without any variable", map[string]string{}),
		Entry("with relative variables", map[string]string{"XDG_RUNTIME_DIR": ".", "HOME": "home", "XDG_CONFIG_HOME": "config"}),
	)

	It("are looked for in the home folder, by the password file where HOME is not set", func() {
		Expect(sockets(map[string]string{"HOME": "/home/me"})).To(ContainElement("/home/me/.orbstack/run/docker.sock"))
		me, err := user.Current()
		if err != nil {
			Skip("this user has no entry there")
		}
		Expect(sockets(nil)).To(ContainElement(me.HomeDir + "/.orbstack/run/docker.sock"))
	})
})

var _ = DescribeTable("a word to a shell", func(texts string, isWord bool) {
	Expect(texts).NotTo(BeEmpty())
	for _, r := range texts {
		Expect(endpoint.IsWord("a"+string(r)+"b")).To(Equal(isWord), "%q", r)
	}
},
	Entry("has letters, digits and the punctuation of addresses", "azAZ09-._/:+", true),
	Entry("has nothing that is next to them", "`{@[;,~!$&*?()<>|#\"'\\ \t\n", false),
)
