package lister

// A repoTag is the name of a row: what docker calls repository:tag.
type repoTag struct{ repository, tag string }

func (t *Tag) name() repoTag { return repoTag{t.Repository, t.Tag} }

// kept returns what tells the rows to keep, out of tags, which are all rows in their order. With
// KeepImages, an image is kept together with any of its rows.
func (f Filter) kept(tags []*Tag) func(*Tag) bool {
	names := keptNames(tags, f.Keep)
	isKept := func(t *Tag) bool { return names[t.name()] || f.KeepImages && startsWith(t.Repository, f.Excludes) }
	if !f.KeepImages {
		return isKept
	}
	ids := map[string]bool{}
	for _, t := range tags {
		if isKept(t) {
			ids[t.ID] = true
		}
	}
	return func(t *Tag) bool { return ids[t.ID] }
}

// keptNames returns the names that --keep spares: in each repository the newest, and all that are as
// old as the last of those, since builds that make equal bytes date every image alike. A graph driver
// may list a name that is just being moved at two images: it ranks by the newer one. A name with an
// undated image is kept too, since its age is unknown; a row without a tag never.
func keptNames(tags []*Tag, keep int) map[repoTag]bool {
	type ranking struct {
		names  int   // kept so far
		oldest int64 // Unix seconds, of those
	}
	rankings, kept := map[string]ranking{}, map[repoTag]bool{}
	if keep <= 0 {
		return kept
	}
	for _, t := range tags {
		switch name := t.name(); {
		case t.Tag == None:
		case t.Created == 0:
			kept[name] = true
		case !kept[name]: // or its newest image has ranked: rows are in order
			ranked := rankings[t.Repository]
			if ranked.names >= keep && t.Created != ranked.oldest {
				continue
			}
			kept[name] = true
			rankings[t.Repository] = ranking{ranked.names + 1, t.Created}
		}
	}
	return kept
}
