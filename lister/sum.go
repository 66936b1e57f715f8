package lister

import (
	"cmp"
	"errors"
	"math"
)

// ErrSum is what a sum past 2^63-1 bytes fails with.
var ErrSum = errors.New("the sum of the sizes is past 2^63-1 bytes")

// A Total is what a whole listing adds up to.
type Total struct {
	Size   int64 // bytes of the images, each counted once however many tags name it
	Unique int64 // bytes that no other image has; less than 0: unknown of some
	Images int
	Tags   int // rows
}

// Sum returns the total of tags. An image that several engines have counts once for each; layers that
// images share count for each of them. An engine that lists an image twice may give it two sizes, of
// which the larger counts; an unknown size adds nothing. Its error is [ErrSum].
func Sum(tags []*Row) (Total, error) {
	type image struct{ context, id string }
	type sizes struct{ size, unique int64 }
	total := Total{Tags: len(tags)}
	images, known := make(map[image]sizes, len(tags)), true
	for _, t := range tags {
		key, unique := image{t.Context, t.ID}, t.UniqueSize()
		before := images[key]
		after := sizes{max(before.size, t.Size), max(before.unique, unique)}
		images[key] = after
		if total.Size > math.MaxInt64-(after.size-before.size) {
			return Total{}, ErrSum
		}
		total.Size += after.size - before.size
		total.Unique += after.unique - before.unique // less than the sizes
		known = known && unique >= 0
	}
	total.Images = len(images)
	if !known {
		total.Unique = -1
	}
	return total, nil
}

// Repositories returns a row for each repository of tags, in the order in which tags first have them. With
// the error [ErrSum] the sizes of some are wrong, and all else is right.
func Repositories(tags []*Row) ([]*Row, error) {
	type repository struct{ context, name string }
	tagsOf := map[repository][]*Row{}
	var repos []*Row
	for _, t := range tags {
		key := repository{t.Context, t.Repository}
		if tagsOf[key] == nil {
			repos = append(repos, &Row{Context: t.Context, Repository: t.Repository})
		}
		tagsOf[key] = append(tagsOf[key], t)
	}
	var failed error
	for _, r := range repos {
		all := tagsOf[repository{r.Context, r.Repository}]
		total, err := Sum(all)
		failed = cmp.Or(failed, err)
		r.Tags, r.Size = int32(len(all)), total.Size //nolint:gosec // no engine lists so many
		for _, t := range all {
			r.Created = max(r.Created, t.Created)
		}
	}
	return repos, failed
}
