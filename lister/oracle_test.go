package lister_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// The oracle is a second implementation of the listing, as naive as can be: it asks each question
// of the rows anew and shares nothing with the first. It is right for plain names only.
func oracle(all images, f lister.Filter, at time.Time) (rows []string, sum int64) {
	type row struct {
		repo, tag, id             string
		created, size, containers int64
	}
	var table []row
	for _, im := range all {
		tagged := map[string]bool{}
		for _, ref := range im.RepoTags {
			i := strings.LastIndex(ref, ":")
			tagged[ref[:i]] = true
			table = append(table, row{ref[:i], ref[i+1:], im.ID, im.Created, im.Size, im.Containers})
		}
		for _, ref := range im.RepoDigests {
			if repo := strings.Split(ref, "@")[0]; !tagged[repo] {
				table = append(table, row{repo, "<none>", im.ID, im.Created, im.Size, im.Containers})
				tagged[repo] = true
			}
		}
		if len(im.RepoTags)+len(im.RepoDigests) == 0 {
			table = append(table, row{"<none>", "<none>", im.ID, im.Created, im.Size, im.Containers})
		}
	}
	sort.Slice(table, func(i, j int) bool {
		a, b := table[i], table[j]
		return fmt.Sprintf("%020d %q %q %q", int64(1e15)-a.created, a.repo, a.tag, a.id) <
			fmt.Sprintf("%020d %q %q %q", int64(1e15)-b.created, b.repo, b.tag, b.id)
	})
	perRepo, counted := map[string]int{}, map[string]bool{}
	for _, r := range table {
		prefixed := len(f.Prefixes) == 0
		for _, p := range f.Prefixes {
			prefixed = prefixed || (len(r.repo) >= len(p) && r.repo[:len(p)] == p)
		}
		old := f.MinAge == 0 || (r.created > 0 && at.Sub(time.Unix(r.created, 0)) > f.MinAge)
		big := f.MinSize == nil || r.size > *f.MinSize
		excluded := f.Unused && r.containers != 0
		for _, e := range f.Excludes {
			for _, other := range table {
				mine := other.id == r.id && f.KeepImages || other == r
				excluded = excluded || mine && strings.Index(other.repo, e) == 0
			}
		}
		if !prefixed || !old || !big || excluded {
			continue
		}
		if perRepo[r.repo]++; f.MaxTags > 0 && perRepo[r.repo] > f.MaxTags {
			continue
		}
		rows = append(rows, r.repo+" "+r.tag+" "+r.id)
		if !counted[r.id] {
			counted[r.id] = true
			sum += r.size
		}
	}
	return rows, sum
}

// inventory makes up images with few repositories, ages and sizes, so that they often collide.
func inventory(random *rand.Rand) images {
	all := make(images, random.IntN(12))
	for i := range all {
		created := ago(time.Duration(random.IntN(5)) * day)
		if random.IntN(4) == 0 {
			created = 0
		}
		all[i] = lister.Image{ID: fmt.Sprintf("sha256:%064x", i), Created: created, Size: random.Int64N(4) * 1000, Containers: random.Int64N(2)}
		for n := range random.IntN(4) {
			tag := fmt.Sprintf("%d.%d", i, n)
			if random.IntN(3) == 0 {
				tag = fmt.Sprintf("moving.%d", n) // a graph driver may list it at several images
			}
			all[i].RepoTags = append(all[i].RepoTags, fmt.Sprintf("%c/%c:%s", 'a'+rune(random.IntN(2)), 'a'+rune(random.IntN(2)), tag))
		}
		for range random.IntN(3) {
			all[i].RepoDigests = append(all[i].RepoDigests, fmt.Sprintf("%c/%c@sha256:%d", 'a'+rune(random.IntN(2)), 'a'+rune(random.IntN(2)), i))
		}
	}
	return all
}

func randomFilter(random *rand.Rand) lister.Filter {
	f := lister.Filter{MinAge: time.Duration(random.IntN(4)) * day, MaxTags: random.IntN(4), Unused: random.IntN(4) == 0, KeepImages: random.IntN(3) == 0}
	for random.IntN(3) == 0 {
		f.Excludes = append(f.Excludes, []string{"a/a", "b", "<none>", "b/b"}[random.IntN(4)])
	}
	if random.IntN(2) == 0 {
		f.MinSize = bytes(random.Int64N(4) * 1000)
	}
	for range random.IntN(3) {
		f.Prefixes = append(f.Prefixes, []string{"a", "a/a", "b/", "<none>", "/"}[random.IntN(5)])
	}
	return f
}

func rowsOf(tags []lister.Tag) []string {
	var rows []string
	for _, t := range tags {
		rows = append(rows, t.Repository+" "+t.Tag+" "+t.ID)
	}
	return rows
}

// text is the whole table of what filter lets through.
func text(ctx context.Context, all images, filter lister.Filter) string {
	GinkgoHelper()
	return table(list(ctx, all, filter)...)
}

var _ = Describe("any inventory under any filter", func() {
	const rounds = 3000
	var random *rand.Rand
	BeforeEach(func() {
		seed := uint64(GinkgoRandomSeed())
		AddReportEntry("inventories from seed", seed)
		random = rand.New(rand.NewPCG(seed, 0))
	})

	It("lists and sums as the oracle does", func(ctx SpecContext) {
		for range rounds {
			all, filter := inventory(random), randomFilter(random)
			rows, sum := oracle(all, filter, now())
			tags := listing(ctx, all, filter)
			Expect(rowsOf(tagsOf(tags))).To(Equal(rows), "%+v of %+v", filter, all)
			total, err := lister.Sum(tags)
			Expect(err).NotTo(HaveOccurred())
			Expect(total.Size).To(Equal(sum), "%+v of %+v", filter, all)
		}
	})

	It("gives the same bytes for any permutation of the engine's answer", func(ctx SpecContext) {
		for range rounds / 10 {
			all, filter := inventory(random), randomFilter(random)
			first := text(ctx, all, filter)
			for range 10 {
				random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				for _, image := range all {
					random.Shuffle(len(image.RepoTags), func(i, j int) {
						image.RepoTags[i], image.RepoTags[j] = image.RepoTags[j], image.RepoTags[i]
					})
				}
				Expect(text(ctx, all, filter)).To(Equal(first))
			}
		}
	})

	It("never has a row more for a higher limit", func(ctx SpecContext) {
		for range rounds {
			all, filter := inventory(random), randomFilter(random)
			filter.MaxTags = 0 // a higher limit lets older tags into the newest N
			rows := rowsOf(list(ctx, all, filter))
			higher := filter
			higher.MinAge += day
			Expect(rows).To(containAll(rowsOf(list(ctx, all, higher))))
			if filter.MinSize != nil {
				higher = filter
				higher.MinSize = bytes(*filter.MinSize + 1000)
				Expect(rows).To(containAll(rowsOf(list(ctx, all, higher))))
			}
		}
	})

	It("has the rows of --maxTags N among those of N+1", func(ctx SpecContext) {
		for range rounds {
			all, filter := inventory(random), randomFilter(random)
			filter.MaxTags++
			more := filter
			more.MaxTags++
			Expect(rowsOf(list(ctx, all, more))).To(containAll(rowsOf(list(ctx, all, filter))))
		}
	})

	It("does not depend on the order of prefixes, nor on prefixes given twice", func(ctx SpecContext) {
		for range rounds {
			all, filter := inventory(random), randomFilter(random)
			rows := rowsOf(list(ctx, all, filter))
			slices.Reverse(filter.Prefixes)
			Expect(rowsOf(list(ctx, all, filter))).To(Equal(rows))
			filter.Prefixes = append(filter.Prefixes, filter.Prefixes...)
			Expect(rowsOf(list(ctx, all, filter))).To(Equal(rows))
		}
	})

	It("has for repositories the distinct ones of its tags, in their order", func(ctx SpecContext) {
		for range rounds {
			all := inventory(random)
			var want []string
			for _, t := range list(ctx, all, lister.Filter{}) {
				if !slices.Contains(want, t.Repository) {
					want = append(want, t.Repository)
				}
			}
			Expect(repositories(ctx, all)).To(Equal(want))
		}
	})
})

// containAll is ContainElements, which cannot do without elements.
func containAll(rows []string) OmegaMatcher {
	return WithTransform(func(all []string) []string {
		return slices.DeleteFunc(slices.Clone(rows), func(r string) bool { return slices.Contains(all, r) })
	}, BeEmpty())
}
