package lister

import (
	"cmp"
	"iter"
	"strings"
)

// A store holds rows with nothing in them for the garbage collector to follow: they refer to their
// images, repositories and texts by number. A [Tag] is made of a row when it is looked at.
type store struct {
	rows     chunks[row]
	images   chunks[image]
	usages   chunks[usage] // of the images, by the same numbers
	noUsage  bool          // nobody asked, and usages has none
	ids      hashes
	digests  chunks[hash]
	lists    chunks[digestList]
	texts    texts // tags
	contexts []string
	repos    []string // names, in the order in which they came
	numbers  map[string]uint32
}

// A row is one name of one image.
type row struct {
	tag     text
	image   uint32 // number
	repo    uint32 // number
	digests uint32 // the number of their list, from 1 on; 0: none
	passed  bool   // all limits
	kept    bool
}

// An image is what its rows have in common.
type image struct {
	created, size int64
	id            hash
	context       uint32 // number
}

// A digestList is so many digests from a number on.
type digestList struct{ first, count uint32 }

// A usage is what else an engine may tell of an image; less than 0: it does not.
type usage struct{ containers, shared int64 }

func newStore(hasUsage bool) *store {
	return &store{noUsage: !hasUsage, numbers: map[string]uint32{}}
}

// addImage adds an image and returns its number.
func (s *store) addImage(im image, of usage) uint32 {
	if !s.noUsage {
		s.usages.add(of)
	}
	return s.images.add(im)
}

// repository is the number of the one with this name, which it keeps a copy of.
func (s *store) repository(name string) uint32 {
	number, known := s.numbers[name]
	if !known {
		name = strings.Clone(name)
		number = uint32(len(s.repos)) //nolint:gosec // an answer has fewer
		s.repos = append(s.repos, name)
		s.numbers[name] = number
	}
	return number
}

// context is the number of the one with this name. There are few.
func (s *store) context(name string) uint32 {
	for i := len(s.contexts) - 1; i >= 0; i-- {
		if s.contexts[i] == name {
			return uint32(i) //nolint:gosec // few
		}
	}
	s.contexts = append(s.contexts, name)
	return uint32(len(s.contexts) - 1) //nolint:gosec // few
}

// tag makes t the row. Its strings stay good, its digests until the next call.
func (s *store) tag(r *row, t *Tag, w *hashWriter) {
	im := s.images.at(r.image)
	*t = Tag{
		Context: s.contexts[im.context], Repository: s.repos[r.repo], Tag: s.texts.get(r.tag), Digests: t.Digests[:0],
		ID: s.ids.get(im.id, w), Created: im.created, Size: im.size,
	}
	of := s.usage(r.image)
	t.Containers, t.SharedSize = of.containers, of.shared
	for i := range s.list(r).count {
		t.Digests = append(t.Digests, s.ids.get(*s.digests.at(s.list(r).first + i), w))
	}
}

// appendDigest appends the first digest of a row, as [Tag.Digest] has it.
func (s *store) appendDigest(b []byte, r *row) []byte {
	if s.list(r).count == 0 {
		return append(b, None...)
	}
	return s.ids.appendText(b, *s.digests.at(s.list(r).first))
}

// A position is that of a row in a listing.
type position struct {
	created int64 // the row's, at hand for sorting
	row     uint32
}

// compare orders rows newest first, then by repository, tag, ID, and all else that they hold, so
// that the order depends on nothing but the rows.
func (s *store) compare(p, q position) int {
	if p.created != q.created { // nearly always, and nothing else need be looked at
		return cmp.Compare(q.created, p.created)
	}
	a, b := s.rows.at(p.row), s.rows.at(q.row)
	if a.repo != b.repo {
		return cmp.Compare(s.repos[a.repo], s.repos[b.repo])
	}
	if c := cmp.Compare(s.texts.get(a.tag), s.texts.get(b.tag)); c != 0 {
		return c
	}
	im, other := s.images.at(a.image), s.images.at(b.image)
	return cmp.Or(
		s.compareImages(im, other),
		cmp.Compare(other.size, im.size),
		s.compareDigests(a, b),
		cmp.Compare(s.usage(b.image).containers, s.usage(a.image).containers),
		cmp.Compare(s.usage(b.image).shared, s.usage(a.image).shared),
	)
}

// compareImages orders images by ID and context.
func (s *store) compareImages(a, b *image) int {
	return cmp.Or(s.ids.compare(a.id, b.id), cmp.Compare(s.contexts[a.context], s.contexts[b.context]))
}

func (s *store) compareDigests(a, b *row) int {
	ours, others := s.list(a), s.list(b)
	for i := range min(ours.count, others.count) {
		if c := s.ids.compare(*s.digests.at(ours.first + i), *s.digests.at(others.first + i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(ours.count, others.count)
}

// usage is that of the image with this number.
func (s *store) usage(number uint32) usage {
	if s.noUsage {
		return usage{-1, -1}
	}
	return *s.usages.at(number)
}

// uniqueSize is that of the image with this number, as [Tag.UniqueSize] has it.
func (s *store) uniqueSize(number uint32) int64 {
	return uniqueSize(s.images.at(number).size, s.usage(number).shared)
}

// list are the digests of a row.
func (s *store) list(r *row) digestList {
	if r.digests == 0 {
		return digestList{}
	}
	return *s.lists.at(r.digests - 1)
}

// addList adds digests, sorted, each once, and returns what a row has of them.
func (s *store) addList(digests iter.Seq[string]) uint32 {
	list := digestList{first: s.digests.n}
	last := ""
	for digest := range digests {
		if digest != last {
			s.digests.add(s.ids.add(digest))
			list.count++
		}
		last = digest
	}
	if list.count == 0 {
		return 0
	}
	return s.lists.add(list) + 1
}

// takeList adds the digests of a row of another store, as addList does.
func (s *store) takeList(from *store, r *row) uint32 {
	of := from.list(r)
	if of.count == 0 {
		return 0
	}
	list := digestList{s.digests.n, of.count}
	for i := range of.count {
		s.digests.add(s.ids.take(&from.ids, *from.digests.at(of.first + i)))
	}
	return s.lists.add(list) + 1
}
