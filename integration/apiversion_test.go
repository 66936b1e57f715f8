package integration_test

import (
	"fmt"
	"strings"

	"github.com/moby/moby/client"
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

var _ = Describe("the API version", func() {
	// versions are the oldest and the newest that the shared engine speaks.
	versions := func(ctx SpecContext) (oldest, newest string) {
		GinkgoHelper()
		version, err := suite.Brief.client().ServerVersion(ctx, client.ServerVersionOptions{})
		Expect(err).NotTo(HaveOccurred())
		return version.MinAPIVersion, version.APIVersion
	}

	DescribeTable("is", func(ctx SpecContext, set bool) {
		oldest, newest := versions(ctx)
		engine := &recorder{Handler: guard()}
		variables := on("tcp://" + serve(engine))
		version, asked := fmt.Sprintf("1.%d", min(ours, minor(newest))), []string{"GET /_ping"}
		if set {
			version, asked = fmt.Sprintf("1.%d", max(24, minor(oldest))), nil
			variables["DOCKER_API_VERSION"] = version
		}
		expectExample(ctx, run(ctx, variables, "tags"))
		Expect(engine.Requests()).To(Equal(append(asked, "GET /v"+version+"/images/json")))
	},
		Entry("the newest that both sides speak", false),
		Entry("the one that DOCKER_API_VERSION names, which needs no ping", true),
	)

	DescribeTable("is an error in the engine's words where DOCKER_API_VERSION names one that it does not speak",
		func(ctx SpecContext, version, said string) {
			dockerOnly("Podman answers requests of any API version")
			variables := on(suite.Brief.Host())
			variables["DOCKER_API_VERSION"] = version
			line := failure(run(ctx, variables, "tags"))
			Expect(line).To(HavePrefix("Error: listing images: the engine at " + suite.Brief.Host() +
				" (chosen by DOCKER_HOST): it answers 400: client version " + version + said))
			Expect(line).To(HaveSuffix("; try: again without DOCKER_API_VERSION"))
			oldest, newest := versions(ctx)
			Expect(strings.Contains(line, oldest) || strings.Contains(line, newest)).To(BeTrue(), "the limit is in %q", line)
		},
		Entry("too old", "1.10", " is too old. Minimum supported API version is "),
		Entry("too new", "1.99", " is too new. Maximum supported API version is "),
	)
})
