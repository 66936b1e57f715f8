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

// repeated is a list of n images, of size bytes or more. Each but the last is made of its number.
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

// peakOf is the most memory that a process has had so far, in bytes, or 0 if it has ended. wait4 would
// count what the process had before it became another program.
func peakOf(pid int) (bytes int) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(peak, &bytes)
	return bytes << 10
}

// labels are what JSON has of some, in short and long texts.
var labels = func() (text string) {
	for i := range 20 {
		text += fmt.Sprintf(`"key%d":"%s",`, i, strings.Repeat("value", i))
	}
	return text
}()

// Each form of output prints an answer that is as bad for it as any.
var _ = Describe("a run on a hostile answer", Serial, func() {
	DescribeTable("takes no more memory than three times the answer and 64 MiB, for", func(ctx SpecContext, image func(i int) string, more int, args ...string) {
		body, images := repeated(8<<20, image)
		cmd, printed := dkrlsCmd(ctx, listing(body), args...), &lineCounter{}
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
		Expect(printed.lines).To(Equal(images + more))
		Expect(peak).To(And(BeNumerically(">", 0), BeNumerically("<", 3*len(body)+64<<20)))
	},
		Entry("tiny images", func(i int) string { return fmt.Sprintf(`{"Id":"%x","Created":1,"Size":1}`, 1<<24+i) }, 1, "tags"),
		Entry("a repository each", func(i int) string {
			return fmt.Sprintf(`{"Id":"sha256:%064x","Created":%d,"RepoTags":["r%d:1"]}`, i, i, i)
		}, 1, "repos", "--sort", "size"),
		Entry("long repositories", func(i int) string {
			return fmt.Sprintf(`{"Id":"sha256:%064x","RepoTags":["%s%d:1"]}`, i, strings.Repeat("x", 1000), i)
		}, 0, "tags", "--format", "json"),
		Entry("many digests each", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","RepoTags":["r:%d"],"RepoDigests":[%s"r@sha256:aa"]}`, i, i, strings.Repeat(`"r@sha256:0123456789abcdef",`, 20))
		}, 2, "tags", "--digests", "--sum", "--sort", "repository"),
		Entry("many labels each", func(i int) string {
			return fmt.Sprintf(`{"Id":"%d","Labels":{%s"team":"x"}}`, i, labels)
		}, 0, "tags", "--label", "team"),
		Entry("a container each", func(i int) string {
			return fmt.Sprintf(`{"Id":"sha256:%x","RepoTags":["r%d:1"],"Names":["/c%d"],"Image":"r%d:1","ImageID":"sha256:%x"}`, i, i, i, i, i)
		}, 0, "tags", "--format", "{{.UsedBy}}"),
	)
})

// A lineCounter counts lines, and keeps none.
type lineCounter struct{ lines int }

func (c *lineCounter) Write(text []byte) (int, error) {
	c.lines += bytes.Count(text, []byte("\n"))
	return len(text), nil
}
