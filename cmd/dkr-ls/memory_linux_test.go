package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// repeated is a list of n images that has so many bytes, each made of its number but for the last.
func repeated(size int, image func(i int) string) (list string, n int) {
	var b strings.Builder
	b.WriteByte('[')
	for ; b.Len() < size; n++ {
		b.WriteString(image(n))
		b.WriteByte(',')
	}
	b.WriteString(`{"Id":"a"}]`)
	return b.String(), n + 1
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

// Each form of output prints an answer that is as bad for it as any.
var _ = Describe("a run on a hostile answer", Serial, func() {
	DescribeTable("lists it in no more memory than three times the answer and 64 MiB", func(ctx SpecContext, image func(i int) string, lines func(images int) int, args ...string) {
		body, images := repeated(8<<20, image)
		cmd, printed := dkrlsProcess(ctx, listing(body), args...), &lineCounter{}
		cmd.Stdout, cmd.Stderr = printed, GinkgoWriter
		Expect(cmd.Start()).To(Succeed())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		peak, err := 0, error(nil)
		Eventually(func() chan error {
			peak = max(peak, peakOf(cmd.Process.Pid))
			return ended
		}).WithTimeout(2 * time.Minute).WithPolling(time.Millisecond).Should(Receive(&err))
		Expect(err).NotTo(HaveOccurred())
		Expect(printed.lines).To(Equal(lines(images)))
		Expect(peak).To(And(BeNumerically(">", 0), BeNumerically("<", 3*len(body)+64<<20)))
	},
		Entry("of tiny images", func(i int) string { return fmt.Sprintf(`{"Id":"%x","Created":1,"Size":1}`, 1<<24+i) }, rowsAnd(1), "tags"),
		Entry("of images with IDs alone", func(i int) string { return fmt.Sprintf(`{"Id":"sha256:%064x"}`, i) }, rowsAnd(0), "tags", "-q"),
		Entry("of a repository each", func(i int) string {
			return fmt.Sprintf(`{"Id":"sha256:%064x","Created":%d,"RepoTags":["r%d:1"]}`, i, i, i)
		}, rowsAnd(1), "repos", "--sort", "size"),
		Entry("of long repositories", func(i int) string {
			return fmt.Sprintf(`{"Id":"sha256:%064x","RepoTags":["%s%d:1"]}`, i, strings.Repeat("x", 1000), i)
		}, rowsAnd(0), "tags", "--format", "json"),
		Entry("of names that are shown escaped", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","RepoTags":["%s%d:1"]}`, i, strings.Repeat(" ", 1000), i)
		}, rowsAnd(1), "tags", "--format", `table {{.Repository}}\t{{.Tag}}`),
		Entry("of many tags and digests each", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","RepoTags":[%s],"RepoDigests":[%s]}`, i, many(9, `"r:%d"`), many(9, `"r@sha256:%064x"`))
		}, func(images int) int { return 1 + 9*(images-1) + 1 + 1 }, "tags", "--digests", "--sum", "--sort", "repository"),
		Entry("of large labels", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","Labels":{"a":"%s"}}`, i, strings.Repeat("x", 7<<20))
		}, rowsAnd(1), "tags", "--keep", "2"),
	)
})

// rowsAnd counts a line for each image, and more.
func rowsAnd(more int) func(int) int {
	return func(images int) int { return images + more }
}

// A lineCounter counts lines, and keeps none.
type lineCounter struct{ lines int }

func (c *lineCounter) Write(text []byte) (int, error) {
	c.lines += bytes.Count(text, []byte("\n"))
	return len(text), nil
}
