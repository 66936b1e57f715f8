package page

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"dev-environments.test/environments"
)

// view is what the templates get.
type view struct {
	Title   string
	Person  environments.Person
	Path    string // of the request, to come back to
	Site    string
	Refresh bool
	Error   *environments.Error

	Mine, Others, Deleted []card
	Card                  card
	Progress              environments.Progress
	Greeting              []string
	Fields                []environments.Field // Default: what is chosen
	Team, Name, Keys      string
	Change                bool
}

type card struct {
	environments.Environment
	Meters   []meter
	Sessions string // of ssh, now; empty: not measured
	Mine     bool
}

func (h handler) render(w http.ResponseWriter, r request, status int, page string, v view) {
	v.Person, v.Path, v.Site = r.person, r.URL.RequestURI(), h.site
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := h.templates.ExecuteTemplate(w, page, v); err != nil {
		slog.Error("template", "page", page, "error", err)
	}
}

func (h handler) signIn(w http.ResponseWriter, r request) {
	slog.Warn("not signed in", "path", r.URL.Path)
	v := view{Title: "Sign in to see your environments"}
	if r.Method != http.MethodGet {
		v.Error = &environments.Error{Message: "Your session has ended, and nothing was changed."}
	}
	h.render(w, r, http.StatusUnauthorized, "signin.html", v)
}

// fail shows the reason. Only an answer of the cluster makes something not found.
func (h handler) fail(w http.ResponseWriter, r request, err error) {
	slog.Error(err.Error(), "person", r.person.Handle, "path", r.URL.Path)
	var refused *environments.Error
	switch {
	case errors.Is(err, environments.ErrUnauthorized):
		h.signIn(w, r)
	case environments.IsNotFound(err):
		h.render(w, r, http.StatusNotFound, "error.html", view{Title: "Not found", Error: shown(err)})
	case errors.As(err, &refused):
		h.render(w, r, http.StatusForbidden, "error.html", view{Title: "Not allowed", Error: refused})
	default:
		h.render(w, r, http.StatusBadGateway, "error.html", view{Title: "The cluster does not answer", Error: shown(err)})
	}
}

func shown(err error) *environments.Error {
	var refused *environments.Error
	if errors.As(err, &refused) {
		return refused
	}
	return &environments.Error{Message: err.Error(), Try: "again, or ask the platform's team"}
}

func (h handler) list(w http.ResponseWriter, r request) {
	v := view{Title: "Your environments"}
	for _, team := range r.person.Teams {
		list, err := r.List(r.Context(), team)
		if err != nil {
			h.fail(w, r, err)
			return
		}
		usage := h.usage(r.Context(), team)
		for _, e := range list {
			c := r.card(e, usage)
			switch {
			case e.Deleted != "":
				v.Deleted = append(v.Deleted, c)
			case c.Mine:
				v.Mine = append(v.Mine, c)
			default:
				v.Others = append(v.Others, c)
			}
			v.Refresh = v.Refresh || e.State() == "starting"
		}
	}
	slices.SortFunc(v.Mine, func(a, b card) int { return cmp.Compare(a.Name, b.Name) })
	h.render(w, r, http.StatusOK, "list.html", v)
}

func (r request) card(e environments.Environment, usage map[string]Usage) card {
	c := card{Environment: e, Meters: meters(e, usage[e.Name]), Mine: e.Owner == r.person.Handle}
	if sessions, measured := usage[e.Name]["Sessions"]; measured {
		c.Sessions = number(sessions)
	}
	return c
}

// usage is none if it is not measured: the page works without.
func (h handler) usage(ctx context.Context, team string) map[string]Usage {
	if h.Usage == nil {
		return nil
	}
	usage, err := h.Usage(ctx, team)
	if err != nil {
		slog.Warn("no usage", "team", team, "error", err)
	}
	return usage
}

func (h handler) form(w http.ResponseWriter, r request) {
	v := view{Team: r.FormValue("team"), Name: r.FormValue("name")}
	v.Change = v.Name != ""
	if v.Team == "" && len(r.person.Teams) > 0 {
		v.Team = r.person.Teams[0]
	}
	var chosen environments.Choices
	if v.Change {
		var err error
		if chosen, err = r.Chosen(r.Context(), v.Team, v.Name); err != nil {
			h.fail(w, r, err)
			return
		}
	}
	h.fill(w, r, http.StatusOK, v, chosen)
}

// fill shows the form with what is chosen, and the defaults for the rest.
func (h handler) fill(w http.ResponseWriter, r request, status int, v view, chosen environments.Choices) {
	v.Title = "Launch an environment"
	if v.Change {
		v.Title = "Change " + v.Name
	}
	var fields []environments.Field
	if len(r.person.Teams) > 0 {
		err := environments.CheckTeam(v.Team)
		if err == nil {
			fields, err = r.Offer(r.Context(), v.Team)
		}
		if err != nil {
			h.fail(w, r, err)
			return
		}
	}
	for _, field := range fields {
		if value, given := chosen[field.Name]; given {
			field.Default = value
		}
		if len(field.Choices) > 0 && !slices.Contains(field.Choices, field.Default) { // no longer offered: it is not changed without a word
			field.Choices = append([]string{field.Default}, field.Choices...)
		}
		v.Fields = append(v.Fields, field)
	}
	h.render(w, r, status, "form.html", v)
}

func (h handler) show(w http.ResponseWriter, r request) {
	p, err := r.Progress(r.Context(), r.team(), r.name())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	e := p.Environment
	v := view{Title: r.name(), Progress: p, Card: r.card(e, h.usage(r.Context(), r.team()))}
	v.Refresh = e.Awake && !e.Ready && p.Refused == nil
	if e.Ready {
		v.Greeting = r.Greeting(r.Context(), r.team(), r.name())
	}
	h.render(w, r, http.StatusOK, "show.html", v)
}

func (h handler) confirm(w http.ResponseWriter, r request) {
	p, err := r.Progress(r.Context(), r.team(), r.name())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.render(w, r, http.StatusOK, "delete.html", view{Title: "Delete " + r.name(), Card: r.card(p.Environment, h.usage(r.Context(), r.team()))})
}
