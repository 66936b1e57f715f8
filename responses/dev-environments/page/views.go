package page

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"dev-environments.test/chart"
	"dev-environments.test/environments"
)

// view is what the templates get.
type view struct {
	Title   string
	Person  environments.Person
	Refresh bool
	Error   *environments.Error

	Mine, Others []card
	Card         card
	Progress     environments.Progress
	Greeting     []string
	Fields       []input
	Team, Name   string
	Change       bool
}

type card struct {
	environments.Environment
	Plots []plot
}

type input struct {
	chart.Field
	Value string
}

func (h handler) render(w http.ResponseWriter, r request, status int, page string, v view) {
	v.Person = r.person
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := h.templates.ExecuteTemplate(w, page, v); err != nil {
		slog.Error("template", "page", page, "error", err)
	}
}

// fail shows the reason; what is nobody's words but a fault's stays in the log.
func (h handler) fail(w http.ResponseWriter, r request, err error) {
	slog.Error(err.Error(), "person", r.person.Handle, "path", r.URL.Path)
	h.render(w, r, http.StatusBadGateway, "error.html", view{Title: "Not done", Error: shown(err)})
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
			c := card{e, plots(e, usage[e.Name])}
			if e.Owner == r.person.Handle {
				v.Mine = append(v.Mine, c)
			} else {
				v.Others = append(v.Others, c)
			}
		}
		v.Refresh = v.Refresh || slices.ContainsFunc(list, func(e environments.Environment) bool { return e.State() == "starting" })
	}
	slices.SortFunc(v.Mine, func(a, b card) int { return cmp.Compare(a.Name, b.Name) })
	h.render(w, r, http.StatusOK, "list.html", v)
}

// usage is none if it is not measured: the page works without.
func (h handler) usage(ctx context.Context, team string) map[string]map[string]Usage {
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
	team, name := r.FormValue("team"), r.FormValue("name")
	v := view{Title: "Launch an environment", Team: team, Name: name, Change: name != ""}
	var now map[string]any
	if v.Change {
		v.Title = "Change " + name
		var err error
		if now, err = r.Chosen(r.Context(), team, name); err != nil {
			h.fail(w, r, err)
			return
		}
	}
	for _, field := range h.fields {
		value := field.Default
		if v.Change {
			value = field.Text(now)
		} else if field.Name == "group" {
			value = ""
		}
		v.Fields = append(v.Fields, input{field, value})
	}
	h.render(w, r, http.StatusOK, "form.html", v)
}

func (h handler) show(w http.ResponseWriter, r request) {
	if !h.known(w, r) {
		return
	}
	p, err := r.Progress(r.Context(), r.team(), r.name())
	if err != nil {
		h.render(w, r, http.StatusNotFound, "error.html", view{Title: "Not found", Error: shown(err)})
		return
	}
	e := p.Environment
	v := view{Title: r.name(), Progress: p, Card: card{e, plots(e, h.usage(r.Context(), r.team())[r.name()])}}
	v.Refresh = e.Awake && !e.Ready && p.Refused == nil
	if e.Ready {
		v.Greeting = r.Greeting(r.Context(), r.team(), r.name())
	}
	h.render(w, r, http.StatusOK, "show.html", v)
}

func (h handler) confirm(w http.ResponseWriter, r request) {
	if h.known(w, r) {
		h.render(w, r, http.StatusOK, "delete.html", view{Title: "Delete " + r.name(), Team: r.team(), Name: r.name(),
			Card: card{Environment: environments.Environment{Team: r.team(), Name: r.name()}}})
	}
}
