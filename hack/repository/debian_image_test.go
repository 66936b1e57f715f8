//go:build unix

package repository_test

import (
	"os"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = DescribeTable("hack/debian-image.sh", func(ctx SpecContext, mmdebstrap, calls string) {
	bin := GinkgoT().TempDir()
	for name, code := range map[string]string{
		"docker":     `echo "docker $*" >>"$CALLS"; if [ "$1" = import ]; then cat >/dev/null; echo sha256:made; fi`,
		"dpkg-query": "echo installed",
		"mmdebstrap": mmdebstrap,
		"sudo":       `exec "$@"`,
	} {
		Expect(os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+code+"\n"), 0o700)).To(Succeed())
	}
	script := exec.CommandContext(ctx, root+"/hack/debian-image.sh", "name", "trixie", "package")
	script.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "CALLS="+bin+"/calls")
	_ = script.Run()
	Expect(os.ReadFile(filepath.Join(bin, "calls"))).To(BeEquivalentTo(calls))
},
	Entry("names an image that is whole", "echo system", "docker import -\ndocker tag sha256:made name\n"),
	Entry("leaves no half image under the name", "echo half; exit 1", "docker import -\ndocker rmi sha256:made\n"),
)
