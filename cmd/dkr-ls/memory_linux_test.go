package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// repeated is a list of images that has so many bytes, each made of its number.
func repeated(size int, image func(i int) string) string {
	var b strings.Builder
	b.WriteByte('[')
	for i := 0; b.Len() < size; i++ {
		b.WriteString(image(i))
		b.WriteByte(',')
	}
	b.WriteString(`{"Id":"a"}]`)
	return b.String()
}

// many is text from a number on, so many times.
func many(n int, format string) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(texts, ",")
}

// peakOf is the most memory that a process has had so far, in bytes; 0 where it has ended. What
// wait4 tells counts what the process had before it became another program.
func peakOf(pid int) (bytes int) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(peak, &bytes)
	return bytes << 10
}

var _ = Describe("a run on a hostile answer", Serial, func() {
	const size = 16 << 20
	// Each form keeps something that no other does.
	forms := func() [][]string {
		return [][]string{
			{"tags", "-q"},
			{"tags", "--format", "json"},
			{"tags", "--digests", "--keep", "2", "--sum", "--sort", "repository"},
			{"tags", "--format", `table {{.Repository}}\t{{.Tag}}`},
			{"repos", "--sort", "size"},
		}
	}

	// peak carries out the program, whose output goes nowhere, and returns the most memory that it has had.
	peak := func(ctx SpecContext, host string, args ...string) (bytes int) {
		GinkgoHelper()
		cmd := dkrlsProcess(ctx, host, args...)
		Expect(cmd.Start()).To(Succeed())
		over := make(chan struct{})
		go func() { _ = cmd.Wait(); close(over) }()
		DeferCleanup(func() { _ = cmd.Process.Kill(); <-over })
		Eventually(func() chan struct{} {
			bytes = max(bytes, peakOf(cmd.Process.Pid))
			return over
		}).WithContext(ctx).WithTimeout(time.Minute).WithPolling(10 * time.Millisecond).Should(BeClosed())
		return bytes
	}

	DescribeTable("takes no more memory than three times the answer and 64 MiB, in any form", func(ctx SpecContext, image func(i int) string) {
		body := repeated(size, image)
		host := listing(body)
		for _, args := range forms() {
			Expect(peak(ctx, host, args...)).To(And(BeNumerically(">", 1<<20), BeNumerically("<", 3*len(body)+64<<20)), "%v", args)
		}
	},
		Entry("of tiny images", func(i int) string { return fmt.Sprintf(`{"Id":"a%d"}`, i) }),
		Entry("of images with IDs alone", func(i int) string { return fmt.Sprintf(`{"Id":"sha256:%064x"}`, i) }),
		Entry("of a repository each", func(i int) string {
			return fmt.Sprintf(`{"Id":"sha256:%064x","Created":%d,"RepoTags":["r%d:1"]}`, i, i, i)
		}),
		Entry("of long repositories", func(i int) string {
			return fmt.Sprintf(`{"Id":"sha256:%064x","RepoTags":["%s%d:1"]}`, i, strings.Repeat("x", 1000), i)
		}),
		Entry("of long tags", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","RepoTags":["r:%s%d"]}`, i, strings.Repeat("x", 1000), i)
		}),
		Entry("of names that are shown escaped", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","RepoTags":["%s%d:1"]}`, i, strings.Repeat(" ", 1000), i)
		}),
		Entry("of many tags each", func(i int) string { return fmt.Sprintf(`{"Id":"%d","RepoTags":[%s]}`, i, many(80_000, `"r:%d"`)) }),
		Entry("of many tags and digests each", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","RepoTags":[%s],"RepoDigests":[%s]}`, i, many(900, `"r:%d"`), many(900, `"r@sha256:%064x"`))
		}),
		Entry("of large labels", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","Labels":{"a":"%s"}}`, i, strings.Repeat("x", 7<<20))
		}),
	)
})
