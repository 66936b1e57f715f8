package lister_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
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

// ago returns the creation time, in Unix seconds, of an image of this age.
func ago(d time.Duration) int64 { return now().Truncate(time.Second).Add(-d).Unix() }

const day = 24 * time.Hour

func bytes(n int64) *int64 { return &n }

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

func (images) Containers(context.Context) ([]lister.Container, error) { return nil, nil }

// patterns returns what texts are as patterns.
func patterns(texts ...string) (all []lister.Pattern) {
	for _, text := range texts {
		all = append(all, lister.ParsePattern(text))
	}
	return all
}

// before returns the time that an age exceeds.
func before(age time.Duration) time.Time { return now().Add(-age) }

// id returns an image ID made of one digit.
func id(digit byte) string { return fmt.Sprintf("sha256:%064s", string(digit)) }

// tagged returns an image of a size and an age with these tags.
func tagged(digit byte, created, size int64, tags ...string) lister.Image {
	return lister.Image{ID: id(digit), Created: created, Size: size, RepoTags: tags}
}

// list returns all that filter lets through.
func list(ctx context.Context, all lister.Engine, filter lister.Filter) []*lister.Row {
	GinkgoHelper()
	return listAll(ctx, lister.Lister{Engine: all}, filter)
}

func listAll(ctx context.Context, l lister.Lister, filter lister.Filter) []*lister.Row {
	GinkgoHelper()
	rows, err := l.Tags(ctx, filter)
	Expect(err).NotTo(HaveOccurred())
	return rows
}

// names returns "repository tag" of each of rows.
func names(rows []*lister.Row) []string {
	all := []string{}
	for _, r := range rows {
		all = append(all, r.Repository+" "+r.Tag)
	}
	return all
}

// rowsOf returns "repository tag ID" of each of rows.
func rowsOf(rows []*lister.Row) (all []string) {
	for _, r := range rows {
		all = append(all, r.Repository+" "+r.Tag+" "+r.ID)
	}
	return all
}

// table returns what WriteTags writes.
func table(options lister.Table, rows ...*lister.Row) string {
	GinkgoHelper()
	var out strings.Builder
	options.Now = now()
	Expect(options.WriteTags(&out, rows)).To(Succeed())
	return out.String()
}
