package integration_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/docker/go-units"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("the table", func() {
	It("says the same as the engine's own list", func(ctx SpecContext) {
		dockerOnly("Podman lists the names of Docker Hub's images in full")
		expectParity(ctx, suite.Brief)
	})
})

// expectParity holds the rows of `dkr-ls tags` against the engine's list, which
// is read and turned into rows here without any code of dkr-ls.
func expectParity(ctx SpecContext, e engine) {
	GinkgoHelper()
	list := images(ctx, e)
	slices.SortFunc(list, func(a, b summary) int { return cmp.Compare(b.Created, a.Created) })
	expected := []row{}
	for _, image := range list {
		expected = append(expected, rowsOf(image)...)
	}
	Expect(expected).NotTo(BeEmpty())
	Expect(rows(table(dkrls(ctx, e.Host(), "tags")))).To(Equal(expected))
}

// summary is what the engine's list says of an image.
type summary struct {
	ID          string `json:"Id"`
	RepoTags    []string
	RepoDigests []string
	Created     int64
	Size        int64
}

// images asks the engine for its list.
func images(ctx SpecContext, e engine) []summary {
	GinkgoHelper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+e.Address+"/images/json", nil)
	Expect(err).NotTo(HaveOccurred())
	response, err := http.DefaultClient.Do(request)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(response.Body.Close)
	Expect(response).To(HaveHTTPStatus(http.StatusOK))

	var list []summary
	Expect(json.NewDecoder(response.Body).Decode(&list)).To(Succeed())
	return list
}

// rowsOf returns the rows that an image must have, in order.
func rowsOf(image summary) []row {
	blank := row{
		ID:      shortID(image.ID),
		Created: age(image.Created),
		Size:    units.HumanSizeWithPrecision(float64(image.Size), 3),
	}
	var found []row
	tagged := map[string]bool{}
	for _, reference := range image.RepoTags {
		// A containerd store may name an image by digest among its tags: engine
		// 26.1 does, for what was pulled by digest. Its digests have it as well.
		if reference != "<none>:<none>" && !strings.Contains(reference, "@") {
			r := blank
			colon := strings.LastIndex(reference, ":")
			r.Repository, r.Tag = reference[:colon], reference[colon+1:]
			tagged[r.Repository] = true
			found = append(found, r)
		}
	}
	for _, reference := range image.RepoDigests {
		repository, _, _ := strings.Cut(reference, "@")
		if repository != "<none>" && !tagged[repository] {
			r := blank
			r.Repository, r.Tag = repository, "<none>"
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		r := blank
		r.Repository, r.Tag = "<none>", "<none>"
		found = append(found, r)
	}
	slices.SortFunc(found, func(a, b row) int {
		return cmp.Or(strings.Compare(a.Repository, b.Repository), strings.Compare(a.Tag, b.Tag))
	})
	return found
}

// age words a creation time. Engines send 0 or the year 1 for none.
func age(created int64) string {
	if created <= 0 {
		return "N/A"
	}
	return units.HumanDuration(time.Since(time.Unix(created, 0))) + " ago"
}

// shortID returns the first 12 hex digits of an image ID.
func shortID(id string) string {
	return strings.TrimPrefix(id, "sha256:")[:12]
}
