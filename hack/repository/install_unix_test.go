//go:build unix

package repository_test

import (
	"io/fs"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = It("make install puts program, man page and completions under PREFIX, and make uninstall removes them", func() {
	folder := GinkgoT().TempDir()
	installed := func() (names []string) {
		Expect(filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				names = append(names, name[len(folder):])
			}
			return err
		})).To(Succeed())
		return names
	}
	makes := func(target string) {
		GinkgoHelper()
		printed, err := output("make", target, "DESTDIR="+folder, "PREFIX=/usr")
		Expect(err).NotTo(HaveOccurred(), printed)
	}

	makes("install")
	Expect(installed()).To(Equal([]string{
		"/usr/bin/dkr-ls",
		"/usr/share/bash-completion/completions/dkr-ls",
		"/usr/share/fish/vendor_completions.d/dkr-ls.fish",
		"/usr/share/man/man1/dkr-ls.1",
		"/usr/share/zsh/site-functions/_dkr-ls",
	}))
	program, err := os.Stat(folder + "/usr/bin/dkr-ls")
	Expect(err).NotTo(HaveOccurred())
	Expect(program.Mode().Perm()).To(BeEquivalentTo(0o755))
	makes("uninstall")
	Expect(installed()).To(BeEmpty())
})
