package lister_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

func TestLister(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "lister")
}

// now is the clock of all specs: not a whole second, as clocks are.
func now() time.Time { return time.Date(2020, 9, 25, 12, 0, 0, 500, time.UTC) }

// ago is a creation time in Unix seconds, so long before the whole second of now.
func ago(d time.Duration) int64 { return now().Truncate(time.Second).Add(-d).Unix() }

const day = 24 * time.Hour

// images are an engine that holds just these, in this order.
type images []lister.Image

func (all images) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		for _, image := range all {
			if !yield(image, nil) {
				return
			}
		}
	}
}

// id is an image ID made of one digit.
func id(digit byte) string { return fmt.Sprintf("sha256:%064s", string(digit)) }

// tagged is an image of a size and an age with these tags.
func tagged(digit byte, created, size int64, tags ...string) lister.Image {
	return lister.Image{ID: id(digit), Created: created, Size: size, RepoTags: tags}
}

// listing is the list of all that filter lets through.
func listing(ctx context.Context, all lister.Engine, filter lister.Filter) []*lister.Tag {
	GinkgoHelper()
	tags, err := lister.Lister{Engine: all, Now: now}.Tags(ctx, filter)
	Expect(err).NotTo(HaveOccurred())
	return tags
}

// list are the tags of [listing].
func list(ctx context.Context, all lister.Engine, filter lister.Filter) []lister.Tag {
	GinkgoHelper()
	return tagsOf(listing(ctx, all, filter))
}

// listOf returns tags in the order of a listing.
func listOf(tags ...lister.Tag) []*lister.Tag {
	var all []*lister.Tag
	for _, t := range tags {
		all = append(all, &t)
	}
	lister.Sort(all, lister.ByCreated)
	return all
}

// tagsOf returns the values of tags.
func tagsOf(tags []*lister.Tag) []lister.Tag {
	var all []lister.Tag
	for _, t := range tags {
		all = append(all, *t)
	}
	return all
}

// names are "repository tag" of each of tags.
func names(tags []lister.Tag) []string {
	all := []string{}
	for _, t := range tags {
		all = append(all, t.Repository+" "+t.Tag)
	}
	return all
}

// repositories are the names of those that all has.
func repositories(ctx context.Context, all images) []string {
	GinkgoHelper()
	repos, err := lister.Repositories(listing(ctx, all, lister.Filter{}))
	Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, r := range repos {
		names = append(names, r.Name)
	}
	return names
}
