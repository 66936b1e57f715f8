package repository_test

import (
	"debug/buildinfo"
	"debug/elf"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The statement says of a module's advisories that their code is not in the program.
const statement = "dkr-ls.openvex.json"

type vex struct {
	Statements []struct {
		Vulnerability struct {
			Name    string
			Aliases []string
		}
		Products []struct {
			ID            string `json:"@id"`
			Subcomponents []struct {
				ID string `json:"@id"`
			}
		}
		Status, Justification string
	}
}

var _ = Describe("the OpenVEX statement", Ordered, func() {
	var (
		program string
		said    vex
	)
	BeforeAll(func(ctx SpecContext) {
		program = filepath.Join(GinkgoT().TempDir(), "dkr-ls")
		// With its symbols, which releases leave out.
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", program, "./cmd/dkr-ls")
		build.Dir = root
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
		output, err := build.CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), string(output))
		Expect(json.Unmarshal([]byte(content(statement)), &said)).To(Succeed())
	})

	It("is about the versions that the program is built of", func() {
		info, err := buildinfo.ReadFile(program)
		Expect(err).NotTo(HaveOccurred())
		modules := map[string]bool{}
		for _, module := range info.Deps {
			modules["pkg:golang/"+module.Path+"@"+url.QueryEscape(module.Version)] = true
		}
		Expect(said.Statements).NotTo(BeEmpty())
		for _, s := range said.Statements {
			Expect(s.Status).To(Equal("not_affected"), s.Vulnerability.Name)
			Expect(s.Justification).To(Equal("vulnerable_code_not_present"), s.Vulnerability.Name)
			Expect(s.Vulnerability.Aliases).NotTo(BeEmpty(), s.Vulnerability.Name)
			for _, product := range s.Products {
				Expect(product.ID).To(Equal("pkg:golang/" + info.Main.Path))
				for _, module := range product.Subcomponents {
					Expect(modules).To(HaveKey(module.ID), "%s: the statement is of another version", s.Vulnerability.Name)
				}
			}
		}
	})

	// The daemon's packages are where the faults are.
	It("is true: of docker's module the linker keeps the client and the API's types, and nothing else", func() {
		var of []string
		for name := range linked(program) {
			if strings.HasPrefix(name, "github.com/docker/docker/") {
				of = append(of, name)
			}
		}
		Expect(of).To(ContainElement("github.com/docker/docker/client"), "or the symbols were not read")
		Expect(of).To(HaveEach(MatchRegexp(`^github\.com/docker/docker/(client|api)(/|$)`)))
	})
})

// linked returns the packages of which the linker has kept a function or a variable.
func linked(program string) map[string]bool {
	GinkgoHelper()
	file, err := elf.Open(program)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(file.Close)
	symbols, err := file.Symbols()
	Expect(err).NotTo(HaveOccurred())
	packages := map[string]bool{}
	for _, symbol := range symbols {
		// "github.com/docker/docker/client.(*Client).Ping", where the linker writes a dot of the last element as %2e.
		name := strings.TrimPrefix(symbol.Name, "type:.eq.")
		slash := strings.LastIndex(beforeAny(name, "([{"), "/")
		if dot := strings.Index(name[slash+1:], "."); dot >= 0 {
			packages[name[:slash+1+dot]] = true
		}
	}
	return packages
}

// beforeAny returns what stands before the first of the characters.
func beforeAny(text, characters string) string {
	if i := strings.IndexAny(text, characters); i >= 0 {
		return text[:i]
	}
	return text
}
