package integration_test

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// ours is the newest version of the API that dkr-ls speaks: 1.51.
const ours = 51

// minor is 41 of the version 1.41.
func minor(version string) (n int) {
	GinkgoHelper()
	Expect(fmt.Sscanf(version, "1.%d", &n)).To(Equal(1))
	return n
}

var _ = DescribeTable("DOCKER_API_VERSION is an error in the engine's words where it names a version that the engine does not speak",
	func(ctx SpecContext, version, said string) {
		dockerOnly("Podman answers requests of any API version")
		variables := on(suite.Brief.Host())
		variables["DOCKER_API_VERSION"] = version
		Expect(failure(run(ctx, variables, "tags"))).To(MatchRegexp(`\AError: listing images: the engine at %s \(chosen by DOCKER_HOST\): `+
			`it answers 400: client version %s %s API version is 1\.\d+\b.*; try: again without DOCKER_API_VERSION\z`, suite.Brief.Host(), version, said))
	},
	Entry("too old", "1.10", "is too old. Minimum supported"),
	Entry("too new", "1.99", "is too new. Maximum supported"),
)
