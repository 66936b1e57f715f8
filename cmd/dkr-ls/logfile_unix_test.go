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

var _ = Describe("--log-file by a path that others may have chosen", func() {
	var dir, path string

	BeforeEach(func() {
		dir = GinkgoT().TempDir()
		path = filepath.Join(dir, "log")
	})

	refused := func(ctx SpecContext, message string) {
		GinkgoHelper()
		Expect(unconnected(ctx, "tags", "--log-file", path)).To(Equal(
			result{1, "", "Error: opening the log file: " + strings.ReplaceAll(message, "PATH", path) + "\n"}))
	}

	It("follows no link, to a file or to none", func(ctx SpecContext) {
		target := filepath.Join(dir, "target")
		Expect(os.Symlink(target, path)).To(Succeed())
		refused(ctx, "PATH is not a regular file; try: the path of a regular file")
		Expect(target).NotTo(BeAnExistingFile())
		Expect(os.WriteFile(target, []byte("mine"), 0o600)).To(Succeed())
		refused(ctx, "PATH is not a regular file; try: the path of a regular file")
		Expect(os.ReadFile(target)).To(BeEquivalentTo("mine"))
	})

	It("waits for nobody who reads a FIFO, and writes to nobody who does", func(ctx SpecContext) {
		Expect(unix.Mkfifo(path, 0o600)).To(Succeed())
		refused(ctx, "PATH is not a regular file; try: the path of a regular file")
		reader, err := os.OpenFile(path, os.O_RDWR, 0)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(reader.Close)
		refused(ctx, "PATH is not a regular file; try: the path of a regular file")
	})

	It("writes to no device and no folder", func(ctx SpecContext) {
		path = "/dev/null"
		refused(ctx, "PATH is not a regular file; try: the path of a regular file")
		path = dir
		refused(ctx, "PATH is not a regular file; try: the path of a regular file")
	})

	It("makes a file that nobody else may read", func(ctx SpecContext) {
		Expect(dkrls(ctx, "repos", "--log-file", path).status).To(BeZero())
		info, err := os.Stat(path)
		Expect(err).NotTo(HaveOccurred())
		Expect(info.Mode()).To(Equal(os.FileMode(0o600)))
		Expect(dkrls(ctx, "repos", "--log-file", path).status).To(BeZero(), "and takes it again")
	})

	It("may be anywhere in a folder that is a link", func(ctx SpecContext) {
		link := filepath.Join(dir, "link")
		Expect(os.Symlink(dir, link)).To(Succeed())
		Expect(dkrls(ctx, "repos", "--log-file", filepath.Join(link, "log")).status).To(BeZero())
	})
})
