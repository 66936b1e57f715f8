package lister_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("an image ID", func() {
	It("is hex where all of its characters are", func() {
		for c := range 256 {
			id := strings.Repeat("0", 63) + string([]byte{byte(c)})
			Expect(lister.IsID(id)).To(Equal(strings.Contains("0123456789abcdefABCDEF", id[63:])), "%q", id)
		}
	})

	It("is held as it is, whatever its last characters are", func() {
		for c := range 256 {
			for _, end := range []string{string([]byte{byte(c), '0'}), string([]byte{'0', byte(c)})} {
				id := "sha256:" + strings.Repeat("8c", 31) + end
				for tag := range lister.ListOf(lister.Tag{ID: id}).All() {
					Expect(tag.ID).To(Equal(id))
				}
			}
		}
	})
})
