package main

import (
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

func TestExperiment(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "memory experiment")
}

// The shape of the measured table, with a small file; times depend on the machine, so they are only compared with each other.
var _ = Describe("several processes with one file in memory", Ordered, func() {
	const size, processes = 64, 4 // MiB
	results := map[string]result{}
	BeforeAll(func() {
		program, err := gexec.Build("dev-environments.test/memory/experiment")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(gexec.CleanupBuildArtifacts)
		file := filepath.Join(GinkgoT().TempDir(), "column")
		Expect(generate(file, size<<20)).To(Succeed())
		for _, way := range ways {
			results[way], err = measure(program, way, file, processes)
			Expect(err).NotTo(HaveOccurred(), way)
		}
	})

	It("share one copy of it if they map it", func() {
		Expect(results["mapped"].pss).To(BeNumerically("~", size, size/2))
		Expect(results["mapped"].rss).To(BeNumerically(">", processes*size), "each sees all of it")
	})
	It("have a copy each if they load it", func() {
		Expect(results["loaded"].pss).To(BeNumerically("~", processes*size, size/2))
	})
	It("answer sooner if they map it", func() {
		Expect(results["mapped"].warm.First).To(BeNumerically("<", results["loaded"].warm.First))
	})
	It("read it from the disk once", func() {
		for way, r := range results {
			Expect(r.warm.Disk).To(BeNumerically("<", size/10), way)
		}
	})
})
