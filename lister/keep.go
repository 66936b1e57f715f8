package lister

// leaveOutKept leaves out the rows that have not passed all limits, and those to be kept. The rows are
// in order.
func (l *List) leaveOutKept(f Filter) {
	if f.Keep > 0 {
		l.keepNewest(f.Keep)
	}
	if f.KeepImages {
		l.keepImages()
	}
	l.keepOnly(func(r *row) bool { return r.passed && !r.kept })
}

// keepNewest keeps the newest tags of each repository, so many of them, and all that are as old as the
// last, since builds that make equal bytes date every image alike. Tags of images that do not say when
// they were created are kept as well.
func (l *List) keepNewest(most int) {
	type ranking struct {
		tags   int   // kept so far
		oldest int64 // of them
		last   text
	}
	rankings := make([]ranking, len(l.repos))
	for _, p := range l.order {
		r := l.rows.at(p.row)
		tag := l.texts.get(r.tag)
		if tag == None {
			continue
		}
		of := &rankings[r.repo]
		switch {
		case p.created == 0:
			r.kept = true
		case of.tags > 0 && p.created == of.oldest:
			r.kept = true
			if tag != l.texts.get(of.last) { // an engine may name an image twice
				of.tags++
			}
			of.last = r.tag
		case of.tags < most:
			r.kept = true
			of.tags, of.oldest, of.last = of.tags+1, p.created, r.tag
		}
	}
}

// keepImages keeps all rows of images of which one is kept.
func (l *List) keepImages() {
	originals := l.originals()
	whole := newBitSet(l.images.n)
	for r := range l.inOrder() {
		if r.kept {
			whole.add(originals.of(r.image))
		}
	}
	for r := range l.inOrder() {
		if whole.has(originals.of(r.image)) {
			r.kept = true
		}
	}
}
