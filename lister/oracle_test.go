package lister_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// An oracleRow is a row as the oracle sees it.
type oracleRow struct {
	repo, tag, id             string
	created, size, containers int64
}

// The oracle is a second implementation of the listing, as naive as can be: it asks each question
// of the rows anew and shares nothing with the first. It is right for plain names only.
func oracle(all images, f lister.Filter) (rows []string, sum int64) {
	table := everyRow(all)
	spared := func(r oracleRow) bool { return r.tag != "<none>" && keepsNaively(table, r, f.Keep) }
	perRepo, counted := map[string]int{}, map[string]bool{}
	for _, r := range table {
		prefixed := len(f.Prefixes) == 0
		for _, p := range f.Prefixes {
			prefixed = prefixed || (len(r.repo) >= len(p) && r.repo[:len(p)] == p)
		}
		old := f.CreatedBefore.IsZero() || (r.created > 0 && time.Unix(r.created, 0).Before(f.CreatedBefore))
		young := f.CreatedAfter.IsZero() || (r.created > 0 && time.Unix(r.created, 0).After(f.CreatedAfter))
		chosen := len(f.Patterns) == 0 || matchesNaively(f.Patterns, r)
		big := f.MinSize == nil || r.size > *f.MinSize
		out := f.Unused && r.containers != 0
		for _, other := range table {
			if other == r || f.KeepImages && other.id == r.id {
				out = out || spared(other) || matchesNaively(f.Excludes, other)
			}
		}
		if !prefixed || !chosen || !old || !young || !big || out {
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

// matchesNaively tries every way to match.
func matchesNaively(patterns []lister.Pattern, r oracleRow) bool {
	var matches func(glob, text string) bool
	matches = func(glob, text string) bool {
		switch {
		case glob == "":
			return text == ""
		case glob[0] == '*':
			for i := range len(text) + 1 {
				if matches(glob[1:], text[i:]) {
					return true
				}
			}
			return false
		}
		return text != "" && (glob[0] == '?' || glob[0] == text[0]) && matches(glob[1:], text[1:])
	}
	for _, p := range patterns {
		if matches(p.Repository, r.repo) && matches(p.Tag, r.tag) {
			return true
		}
	}
	return false
}

// everyRow returns all rows of images, in order, each once.
func everyRow(all images) []oracleRow {
	var table []oracleRow
	for _, im := range all {
		tagged := map[string]bool{}
		for _, ref := range im.RepoTags {
			i := strings.LastIndex(ref, ":")
			tagged[ref[:i]] = true
			table = append(table, oracleRow{ref[:i], ref[i+1:], im.ID, im.Created, im.Size, im.Containers})
		}
		for _, ref := range im.RepoDigests {
			if repo := strings.Split(ref, "@")[0]; !tagged[repo] {
				table = append(table, oracleRow{repo, "<none>", im.ID, im.Created, im.Size, im.Containers})
				tagged[repo] = true
			}
		}
		if len(im.RepoTags)+len(im.RepoDigests) == 0 {
			table = append(table, oracleRow{"<none>", "<none>", im.ID, im.Created, im.Size, im.Containers})
		}
	}
	sorted := map[string]oracleRow{} // by a text that sorts as rows do
	for _, r := range table {
		sorted[fmt.Sprintf("%020d %q %q %q", int64(1e15)-r.created, r.repo, r.tag, r.id)] = r
	}
	table = nil
	for _, key := range slices.Sorted(maps.Keys(sorted)) {
		table = append(table, sorted[key])
	}
	return table
}

// keepsNaively reports whether --keep spares the name of a row: one of its images is undated, or fewer
// other names of its repository than keep have a newer image than its own newest.
func keepsNaively(table []oracleRow, row oracleRow, keep int) bool {
	newest := map[string]int64{}
	for _, r := range table {
		if r.repo != row.repo || r.tag == "<none>" {
			continue
		}
		if r.tag == row.tag && r.created == 0 {
			return keep > 0
		}
		newest[r.tag] = max(newest[r.tag], r.created)
	}
	newer := 0
	for _, created := range newest {
		if created > newest[row.tag] {
			newer++
		}
	}
	return newer < keep
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
	f := lister.Filter{
		MaxTags: random.IntN(4), Keep: max(random.IntN(6)-2, 0),
		Unused: random.IntN(4) == 0, KeepImages: random.IntN(3) == 0,
	}
	for random.IntN(3) == 0 {
		f.Excludes = append(f.Excludes, lister.ParsePattern([]string{"a/a*", "b*", "<none>", "b/b:*.0", "*:moving*", "?/?:?.?", "a/??"}[random.IntN(7)]))
	}
	for random.IntN(3) == 0 {
		f.Patterns = append(f.Patterns, lister.ParsePattern([]string{"a/a", "b/*", "*/?:*.1", "<none>", "a/b:<none>", "*:moving.?", "**a*", "?/", "*/b:?"}[random.IntN(9)]))
	}
	if random.IntN(2) == 0 {
		f.CreatedBefore = before(time.Duration(random.IntN(4)) * day)
	}
	if random.IntN(3) == 0 {
		f.CreatedAfter = before(time.Duration(random.IntN(5)) * day)
	}
	if random.IntN(2) == 0 {
		f.MinSize = bytes(random.Int64N(4) * 1000)
	}
	for range random.IntN(3) {
		f.Prefixes = append(f.Prefixes, []string{"a", "a/a", "b/", "<none>", "/"}[random.IntN(5)])
	}
	return f
}

var _ = Describe("any inventory under any filter", func() {
	const rounds = 2500
	var random *rand.Rand
	BeforeEach(func() {
		seed := uint64(GinkgoRandomSeed())
		AddReportEntry("inventories from seed", seed)
		random = rand.New(rand.NewPCG(seed, 0))
	})

	It("lists and sums as the oracle does, each repository once", func(ctx SpecContext) {
		for range rounds {
			all, filter := inventory(random), randomFilter(random)
			want, sum := oracle(all, filter)
			rows := list(ctx, all, filter)
			Expect(rowsOf(rows)).To(Equal(want), "%+v of %+v", filter, all)
			total, err := lister.Sum(rows)
			Expect(err).NotTo(HaveOccurred())
			Expect(total.Size).To(Equal(sum), "%+v of %+v", filter, all)

			var repositories []string
			for _, r := range rows {
				if !slices.Contains(repositories, r.Repository) {
					repositories = append(repositories, r.Repository)
				}
			}
			repos, err := lister.Repositories(rows)
			Expect(err).NotTo(HaveOccurred())
			Expect(repos).To(HaveLen(len(repositories)))
			for i, r := range repos {
				Expect(r.Repository).To(Equal(repositories[i]))
			}
		}
	})

	It("gives the same bytes for any permutation of the engine's answer", func(ctx SpecContext) {
		for range rounds / 20 {
			all, filter := inventory(random), randomFilter(random)
			first := table(lister.Table{}, list(ctx, all, filter)...)
			for range 10 {
				random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				for _, im := range all {
					random.Shuffle(len(im.RepoTags), func(i, j int) { im.RepoTags[i], im.RepoTags[j] = im.RepoTags[j], im.RepoTags[i] })
				}
				Expect(table(lister.Table{}, list(ctx, all, filter)...)).To(Equal(first))
			}
		}
	})
})
