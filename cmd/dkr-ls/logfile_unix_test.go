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
		Entry("a link", func() error { _ = mine(); return os.Symlink(target, path) }, "PATH is a symbolic link; try: the file itself"),
		Entry("a link to a file that is missing", func() error { return os.Symlink(target, path) }, "PATH is a symbolic link; try: the file itself"),
		Entry("a file with another name", func() error { _ = mine(); return os.Link(target, path) }, "PATH has another name as well; try: a file of its own"),
		Entry("a file that its group may write to", func() error { _ = mine(); _ = os.Chmod(target, 0o620); return os.Rename(target, path) },
			"others may write to PATH; try: chmod go-w on it"),
		Entry("a file that everybody may write to", func() error { _ = mine(); _ = os.Chmod(target, 0o602); return os.Rename(target, path) },
			"others may write to PATH; try: chmod go-w on it"),
		Entry("another user's file", func() error {
			if os.Geteuid() != 0 {
				skipAloud("only root can give a file away")
			}
			_ = mine()
			_ = os.Chown(target, 65534, 65534)
			return os.Rename(target, path)
		}, "PATH belongs to another user; try: a file of your own"),
		Entry("a FIFO that nobody reads", func() error { return unix.Mkfifo(path, 0o600) }, irregular),
		Entry("a FIFO that somebody reads", func() error {
			_ = unix.Mkfifo(path, 0o600)
			reader, err := os.OpenFile(path, os.O_RDWR, 0)
			DeferCleanup(reader.Close)
			return err
		}, irregular),
		Entry("a device", func() error { path = "/dev/null"; return nil }, irregular),
		Entry("a folder", func() error { return os.Mkdir(path, 0o700) }, "open PATH: is a directory; try: another place for it"),
	)

	It("makes a file that nobody else may read, and takes it again", func(ctx SpecContext) {
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
