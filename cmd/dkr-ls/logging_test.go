package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("--log-file", func() {
	It("gets everything as JSON lines, whatever reaches stderr", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "log")
		Expect(os.WriteFile(path, []byte("{\"msg\":\"before\"}\n"), 0o600)).To(Succeed())
		Expect(dkrls(ctx, "tags", "--minAge", "20", "--log-file", path)).To(Equal(result{0, header + debian, ""}))

		text, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		var messages []string
		for line := range strings.Lines(string(text)) {
			var record struct{ Msg, Level, By string }
			Expect(json.Unmarshal([]byte(line), &record)).To(Succeed())
			messages = append(messages, strings.TrimSpace(record.Level+" "+record.Msg+" "+record.By))
		}
		Expect(messages).To(Equal([]string{"before", "DEBUG engine answered", "DEBUG filtered minAge", "DEBUG done"}))
	})

	It("that cannot be opened is an error before any engine is asked for", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "no", "log")
		Expect(unconnected(ctx, "tags", "--log-file", path)).To(Equal(
			result{1, "", "Error: opening the log file: open " + path + ": no such file or directory\n"}))
	})
})
