package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestDevenv(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "devenv")
}

// typed runs a command line where there is no cluster.
func typed(args ...string) (string, error) {
	GinkgoHelper()
	GinkgoT().Setenv("KUBECONFIG", filepath.Join(GinkgoT().TempDir(), "none"))
	c := command()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(args)
	err := c.ExecuteContext(GinkgoT().Context())
	return out.String(), err
}

var _ = DescribeTable("what cannot be right is refused before the cluster is asked", func(message string, args ...string) {
	_, err := typed(args...)
	Expect(err).To(MatchError(message))
	var wrong usageError
	Expect(errors.As(err, &wrong)).To(BeTrue(), "exit status 2")
},
	Entry(nil, "one name is needed, not 0; try: devenv launch --help", "launch"),
	Entry(nil, "one name is needed, not 2; try: devenv launch --help", "launch", "try", "again", "--team", "web"),
	Entry(nil, "'Try' cannot be an environment's name: it is part of a DNS name; try: up to 40 small letters, digits and hyphens", "launch", "Try", "--team", "web"),
	Entry(nil, "'Web' is not a team name; try: --team TEAM", "delete", "try", "--team", "Web"),
	Entry(nil, "unknown flag: --password; try: devenv launch --help", "launch", "try", "--password=abc"),
	Entry(nil, "flag needs an argument: --credentials; try: devenv launch --help", "launch", "try", "--credentials"),
)

var _ = It("helps with each command", func() {
	for _, name := range []string{"launch", "change", "wake", "pin", "unpin", "extend", "list", "delete", "restore", "key", "ssh-config", "serve", "sweep", "gateway-keys"} {
		out, err := typed(name, "--help")
		Expect(err).NotTo(HaveOccurred())
		Expect(out).To(And(ContainSubstring("Usage:"), ContainSubstring("devenv "+name)))
	}
})

var _ = It("says that there is no cluster", func() {
	Expect(os.Unsetenv("KUBERNETES_SERVICE_HOST")).To(Succeed())
	_, err := typed("list")
	Expect(err).To(MatchError(HavePrefix("no cluster: ")))
})
