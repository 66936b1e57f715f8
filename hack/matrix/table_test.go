//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestMatrix(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "hack/matrix")
}

func file(content string) string {
	GinkgoHelper()
	path := filepath.Join(GinkgoT().TempDir(), "file")
	Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
	return path
}

var _ = Describe("a run's report", func() {
	It("tells of the engine, of what passed and of why the rest did not run", func() {
		Expect(read(file(`[{"SpecReports": [
			{"LeafNodeType": "SynchronizedBeforeSuite", "State": "passed", "ReportEntries": [{"Name": "engine", "Value": {"AsJSON": "{\"Engine\":\"Docker 29.9.3\",\"API\":\"1.56\",\"Store\":\"containerd\"}"}}]},
			{"LeafNodeType": "It", "State": "passed", "ReportEntries": [{"Name": "told", "Value": {"AsJSON": "{\"Containers\":true,\"UniqueSize\":true}"}}]},
			{"LeafNodeType": "It", "State": "passed"},
			{"LeafNodeType": "It", "State": "skipped", "Failure": {"Message": "no sshd"}},
			{"LeafNodeType": "It", "State": "skipped", "Failure": {"Message": "Spec skipped because Skip() was called in BeforeAll"}}]}]`))).To(Equal(
			result{engine: "Docker 29.9.3", api: "1.56", store: "containerd", told: told{true, true}, passed: 2, skipped: map[string]int{"no sshd": 2}}))
	})

	DescribeTable("is refused", func(content string) {
		_, err := read(file(content))
		Expect(err).To(HaveOccurred())
	},
		Entry("where no engine was started", `[{"SpecReports": [{"LeafNodeType": "It", "State": "passed"}]}]`),
		Entry("where nothing passed", `[{"SpecReports": [{"LeafNodeType": "SynchronizedBeforeSuite", "ReportEntries": [{"Name": "engine", "Value": {"AsJSON": "{\"Engine\":\"Docker 1\"}"}}]}]}]`),
		Entry("where it is no report", `go: no such package`),
	)
})

var _ = Describe("the README's table", func() {
	It("has a line for each engine and one for each reason", func() {
		readme := file("before\n<!-- engines -->\nold\n<!-- end of engines -->\nafter\n")
		Expect(writeTable(readme, table([]result{
			{engine: "Docker 20.10.24", from: "Debian 12", api: "1.41", store: "graphdriver", passed: 90, skipped: map[string]int{}},
			{engine: "Podman 5.4.2", from: "Debian 13", api: "1.41", store: "graphdriver", told: told{Containers: true}, passed: 80, skipped: map[string]int{"no pull": 2, "no builder\nsays who": 1}},
		}, time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC)))).To(Succeed())
		written, err := os.ReadFile(readme)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(written)).To(Equal(`before
<!-- engines -->
On 2026-11-25:

| engine | from | API | image store | ` + "`--unused` | `--unique`" + ` | specs passed | left out |
|---|---|---|---|---|---|---|---|
| Docker 20.10.24 | Debian 12 | 1.41 | graph driver | no | no | 90 | 0 |
| Podman 5.4.2 | Debian 13 | 1.41 | its own | yes | no | 80 | 3 |

- Podman 5.4.2, 1 left out: no builder
- Podman 5.4.2, 2 left out: no pull
<!-- end of engines -->
after
`))
	})

	It("is refused where the README has no place for it", func() {
		Expect(writeTable(file("before\n"), "table\n")).NotTo(Succeed())
	})
})
