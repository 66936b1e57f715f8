//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
)

var _ = Describe("--log-file, where others may have chosen the path,", func() {
	const irregular = "PATH is not a regular file; try: the path of a regular file"
	var path, target string

	BeforeEach(func() {
		path = filepath.Join(GinkgoT().TempDir(), "log")
		target = path + ".target"
	})
	mine := func() error { return os.WriteFile(target, []byte("mine"), 0o600) }

	DescribeTable("refuses", func(ctx SpecContext, plant func() error, message string) {
		Expect(plant()).To(Succeed())
		Expect(unconnected(ctx, "tags", "--log-file", path)).To(Equal(
			result{1, "", "Error: opening the log file: " + strings.ReplaceAll(message, "PATH", path) + "\n"}))
		if text, err := os.ReadFile(target); !os.IsNotExist(err) {
			Expect(string(text), err).To(Equal("mine"))
		}
	},
		Entry("a link", func() error { _ = mine(); return os.Symlink(target, path) }, irregular),
		Entry("a link to a file that is missing", func() error { return os.Symlink(target, path) }, irregular),
		Entry("a FIFO without a reader", func() error { return unix.Mkfifo(path, 0o600) }, irregular),
		Entry("a device", func() error { path = "/dev/null"; return nil }, irregular),
		Entry("a folder", func() error { return os.Mkdir(path, 0o700) }, irregular),
	)

	It("makes a file that only its owner may read, and takes it again", func(ctx SpecContext) {
		for range 2 {
			Expect(dkrls(ctx, "repos", "--log-file", path).status).To(BeZero())
			info, err := os.Stat(path)
			Expect(err).NotTo(HaveOccurred())
			Expect(info.Mode()).To(Equal(os.FileMode(0o600)))
		}
	})

	It("follows a link to its folder", func(ctx SpecContext) {
		Expect(os.Symlink(filepath.Dir(path), target)).To(Succeed())
		Expect(dkrls(ctx, "repos", "--log-file", filepath.Join(target, "log")).status).To(BeZero())
	})
})
