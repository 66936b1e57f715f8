package lister

// A repoTag is the name of a row: what docker calls repository:tag.
type repoTag struct{ repository, tag string }

func (r *Row) name() repoTag { return repoTag{r.Repository, r.Tag} }

// unkept returns the condition that Keep, with KeepImages, sets on rows, which are all that there are, in
// order. With KeepImages, an image is kept together with any of its rows.
func (f Filter) unkept(rows []*Row) func(*Row) bool {
	names := keptNames(rows, f.Keep)
	if !f.KeepImages {
		return func(r *Row) bool { return !names[r.name()] }
	}
	ids := map[string]bool{}
	for _, r := range rows {
		if names[r.name()] || matchesAny(f.Excludes, r) {
			ids[r.ID] = true
		}
	}
	return func(r *Row) bool { return !ids[r.ID] }
}

// keptNames returns the names that --keep spares: in each repository the newest, and all that are as
// old as the last of those, since builds that make equal bytes date every image alike. A graph driver
// may list a name that is just being moved at two images: it ranks by the newer one. A name with an
// undated image is kept too, since its age is unknown; a row without a tag never.
func keptNames(rows []*Row, keep int) map[repoTag]bool {
	type ranking struct {
		names  int   // kept so far
		oldest int64 // Unix seconds, of those
	}
	rankings, kept := map[string]ranking{}, map[repoTag]bool{}
	if keep <= 0 {
		return kept
	}
	for _, r := range rows {
		switch name := r.name(); {
		case r.Tag == None:
		case r.Created == 0:
			kept[name] = true
		case !kept[name]: // or its newest image has ranked: rows are in order
			ranked := rankings[r.Repository]
			if ranked.names >= keep && r.Created != ranked.oldest {
				continue
			}
			kept[name] = true
			rankings[r.Repository] = ranking{ranked.names + 1, r.Created}
		}
	}
	return kept
}
