package integration_test

import (
	"fmt"
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// elsewhere are the beginnings of lines that something else runs, or that only a person can.
var elsewhere = []string{
	"go run ./cmd/dkr-ls tags", // hack/e2e.sh
	"make ", "sudo make ",      // the specs of hack/repository, .ci/run and the workflows
	"docker ", "--group-add", "--read-only", "-e P", // the specs of the container image
	"mkdir -p ~/.docker/cli-plugins", // the specs of the plugin
	"big=", `[ -z "$big" ]`,          // the specs of the size gate, in cmd/dkr-ls
}

// docs is the folder of README's further pages.
const docs = "../cmd/dkr-ls/docs/"

func page(name string) string {
	GinkgoHelper()
	content, err := os.ReadFile(name)
	Expect(err).NotTo(HaveOccurred())
	return string(content)
}

// blocks returns the text of a page's fenced blocks of a language, after a beginning.
func blocks(text, language, beginning string) []string {
	GinkgoHelper()
	_, text, found := strings.Cut(text, beginning)
	Expect(found).To(BeTrue(), beginning)
	var all []string
	for _, block := range regexp.MustCompile("(?s)\n```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		all = append(all, block[1])
	}
	Expect(all).NotTo(BeEmpty(), "%s after %q", language, beginning)
	return all
}

var _ = Describe("README and its pages", func() {
	It("have lines that work as they are", func(ctx SpecContext) {
		e := startEngine(ctx)
		dated := func(year, day int, size int64, references ...string) fixture.Image {
			return fixture.Image{References: references, Created: time.Date(year, 1, day, 0, 0, 0, 0, time.UTC), Size: size}
		}
		all := []fixture.Image{
			dated(2020, 1, 1_000, "old/app:1", "old/app:2"),
			{References: []string{"undated:1"}, Size: 2_000},
			dated(2018, 1, 3_000, "shop/app:0"), dated(2018, 2, 4_000, "shop/app:1", "shop/app:2"),
		}
		for i := range 5 {
			all = append(all, dated(2019, i+1, 5_000, fmt.Sprintf("shop/app:%d", i+3)))
		}
		e.load(ctx, all)
		use(ctx, e, "web", "shop/app:1")
		before := references(images(ctx, e))
		bash := shell(ctx, e, map[string]string{"docker": "docker.io", "jq": "jq", "less": "less"})

		printed := map[string]string{}
		lines := blocks(page("../README.md"), "sh", "")
		for _, name := range []string{"cleaning-up.md", "docker.md", "engines.md", "install.md", "reference.md"} {
			lines = append(lines, blocks(page(docs+name), "sh", "")...)
		}
		for _, block := range lines {
			for line := range strings.Lines(block) {
				line = strings.TrimSpace(line)
				if slices.ContainsFunc(elsewhere, func(beginning string) bool { return strings.HasPrefix(line, beginning) }) {
					continue
				}
				output, err := bash(line)
				Expect(err).NotTo(HaveOccurred(), "%s\n%s", line, output)
				typed, _, _ := strings.Cut(line, "  ") // without the comment
				printed[typed] = output
			}
		}
		Expect(printed).To(HaveKeyWithValue(HavePrefix("dkr-ls tags --format json | jq"), MatchRegexp(`^(sha256:[0-9a-f]{64}\n){9}$`)), "one row a tag, none of the undated and the deleted")
		Expect(printed).To(HaveKey(HaveSuffix("| xargs -r docker rmi --")))
		Expect(printed).To(HaveKey(HaveSuffix("| xargs -r docker --context prod rmi --")))
		// Five tags of each repository are kept, and both names of the image that a container was made from.
		oldest := slices.IndexFunc(before, func(reference string) bool { return strings.HasSuffix(reference, "shop/app:0") })
		Expect(oldest).To(BeNumerically(">=", 0))
		Expect(references(images(ctx, e))).To(Equal(slices.Delete(before, oldest, oldest+1)))
	})

	It("show a clean-up as it is", func(ctx SpecContext) {
		dockerOnly("Podman does not report what images share")
		if !suite.Brief.speaks("1.42") {
			Skip("the engine does not report what images share")
		}
		e := startEngine(ctx)
		const base = 30_000_000
		now := time.Now().UTC().Truncate(time.Second)
		all := []fixture.Image{
			{References: []string{"base/debian:12"}, Created: now.AddDate(0, 0, -30), Layers: []int64{base}},
			{References: []string{"shop/batch:7"}, Created: now.AddDate(0, 0, -3), Layers: []int64{base, 100_000_000}},
		}
		for i, size := range []int64{10_000_000, 16_000_000, 24_000_000} {
			all = append(all, fixture.Image{References: []string{fmt.Sprintf("shop/web:1.%d", i)}, Created: now.AddDate(0, 0, i-10), Layers: []int64{base, size}})
		}
		e.load(ctx, all)
		use(ctx, e, "web", "shop/web:1.1")

		transcript := blocks(page(docs+"cleaning-up.md"), "console", "")[0]
		output := replay(shell(ctx, e, map[string]string{"docker": "docker.io"}), transcript)
		if e.Store == fixture.GraphDriver || !e.speaks("1.51") { // which count other bytes than the default store of Docker 29
			output, transcript = withoutSizes(output), withoutSizes(transcript)
		}
		Expect(output).To(Equal(transcript))
	})

	It("show a terminal as it is", func(ctx SpecContext) {
		dockerOnly("to Podman, an image is as big as its layers' archives, in which the zeros of the suite's files are not")
		var transcript strings.Builder
		for _, line := range regexp.MustCompile(`<text [^>]*>(.*)</text>`).FindAllStringSubmatch(page(docs+"terminal.svg"), -1) {
			transcript.WriteString(html.UnescapeString(line[1]) + "\n")
		}
		output := replay(shell(ctx, suite.Brief, nil), transcript.String())
		ids := regexp.MustCompile(`\b[0-9a-f]{12}\b`) // an image's own, which changes with its date
		same := func(text string) string {
			text = ids.ReplaceAllString(text, "ID")
			if suite.Brief.Store == fixture.Containerd { // which counts other bytes than the picture's engine
				text = withoutSizes(text)
			}
			return text
		}
		Expect(same(output)).To(Equal(same(transcript.String())))
	})
})

// replay types the commands of a transcript, which begin with "$ ", and returns the transcript that this makes.
func replay(bash func(string) (string, error), transcript string) string {
	GinkgoHelper()
	var script strings.Builder
	commands := regexp.MustCompile(`(?m)^\$ (.*)$`).FindAllStringSubmatch(transcript, -1)
	Expect(commands).NotTo(BeEmpty())
	for _, command := range commands {
		fmt.Fprintf(&script, "cat <<'END'\n%s\nEND\n%s\n", command[0], command[1])
	}
	output, err := bash(script.String())
	Expect(err).NotTo(HaveOccurred(), output)
	return output
}

func withoutSizes(text string) string {
	return regexp.MustCompile(`(?m) *([\d.]+[kMG]?B|SIZE)( +|$)`).ReplaceAllString(text, " SIZE ")
}
