// Package page is the web page of the environments: the form made from what is offered, and what one has, with what it uses.
// It acts with the token of who asks: the cluster decides, and its words are shown.
package page

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dev-environments.test/environments"
)

//go:embed static
var static embed.FS

//go:embed *.html
var pages embed.FS

// Environments is what the page does for a person; *environments.Client does it.
type Environments interface {
	WhoAmI(ctx context.Context) (environments.Person, error)
	Offer(ctx context.Context, team string) ([]environments.Field, error)
	List(ctx context.Context, team string) ([]environments.Environment, error)
	Chosen(ctx context.Context, team, name string) (environments.Choices, error)
	Progress(ctx context.Context, team, name string) (environments.Progress, error)
	Notebook(ctx context.Context, team, name string) (e environments.Environment, address string, err error)
	Greeting(ctx context.Context, team, name string) []string
	Launch(ctx context.Context, team, name, owner string, chosen environments.Choices) error
	Change(ctx context.Context, team, name string, chosen environments.Choices) error
	Wake(ctx context.Context, team, name string) error
	Pin(ctx context.Context, team, name string, pinned bool) error
	Extend(ctx context.Context, team, name, days string) error
	Delete(ctx context.Context, team, name string) (time.Time, error)
	Restore(ctx context.Context, team, name string) error
	Keys(ctx context.Context, team string) (string, error)
	SetKeys(ctx context.Context, team, keys string) error
}

// Server is the page.
type Server struct {
	As    func(token string) (Environments, error)                         // acts as who has the token
	Usage func(ctx context.Context, team string) (map[string]Usage, error) // by environment; may be nil

	NotebookHost string // may be empty: there are no notebooks
	URL          string // the page's own, for who is at the notebooks' host
}

// Handler answers all requests.
func (s Server) Handler() (http.Handler, error) {
	templates, err := template.New("").Funcs(template.FuncMap{"path": path}).ParseFS(pages, "*.html")
	if err != nil {
		return nil, err
	}
	h := handler{Server: s, templates: templates}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("GET /static/", http.FileServerFS(static))
	mux.HandleFunc("GET /{$}", h.person(h.list))
	mux.HandleFunc("GET /launch", h.person(h.form))
	mux.HandleFunc("POST /launch", h.person(h.launch))
	mux.HandleFunc("GET /keys/{team}", h.person(h.keys))
	mux.HandleFunc("POST /keys/{team}", h.person(h.keys))
	mux.HandleFunc("GET /environments/{team}/{name}", h.person(h.show))
	mux.HandleFunc("GET /environments/{team}/{name}/delete", h.person(h.confirm))
	mux.HandleFunc("POST /environments/{team}/{name}/{action}", h.person(h.act))
	// A form of another site cannot be sent here with a person's session: browsers say where a request comes from.
	all := http.NewServeMux()
	all.Handle("/", headers(http.NewCrossOriginProtection().Handler(mux)))
	if s.NotebookHost != "" {
		h.site = s.URL
		all.Handle(s.NotebookHost+"/", h.notebooks())
	}
	return all, nil
}

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		if !strings.HasPrefix(r.URL.Path, "/static/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

func path(e environments.Environment) string {
	return "/environments/" + url.PathEscape(e.Team) + "/" + url.PathEscape(e.Name)
}

type handler struct {
	Server
	templates *template.Template
	site      string // before the page's own paths, where it is not the page that answers
}

// request is one of a person.
type request struct {
	*http.Request
	person environments.Person
	Environments
}

func (r request) team() string { return r.PathValue("team") }
func (r request) name() string { return r.PathValue("name") }

// person finds out who asks. The proxy's header has the token; what it is worth the cluster says. Names in the address are checked
// before: nothing else reaches the cluster.
func (h handler) person(next func(http.ResponseWriter, request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !found || token == "" || len(r.Header.Values("Authorization")) != 1 {
			h.signIn(w, request{Request: r})
			return
		}
		as, err := h.As(token)
		if err != nil {
			h.fail(w, request{Request: r}, err)
			return
		}
		person, err := as.WhoAmI(r.Context())
		if err != nil {
			h.fail(w, request{Request: r}, err)
			return
		}
		asked := request{r, person, as}
		if asked.name() != "" {
			err = environments.CheckName(asked.team(), asked.name())
		} else if asked.team() != "" {
			err = environments.CheckTeam(asked.team())
		}
		if err != nil {
			h.render(w, asked, http.StatusNotFound, "error.html", view{Title: "Not found", Error: shown(err)})
			return
		}
		next(w, asked)
	}
}

func (h handler) launch(w http.ResponseWriter, r request) {
	team, name := r.PostFormValue("team"), strings.TrimSpace(r.PostFormValue("name"))
	change := r.PostFormValue("change") != ""
	chosen := environments.Choices{}
	for _, field := range environments.Fields() {
		chosen[field.Name] = strings.TrimSpace(r.PostFormValue(field.Name))
	}
	err := environments.CheckName(team, name)
	if err == nil && change {
		err = r.Change(r.Context(), team, name, chosen)
	} else if err == nil {
		err = r.Launch(r.Context(), team, name, "", chosen)
	}
	slog.Info("launch", "change", change, "person", r.person.Handle, "team", team, "environment", name, "error", err)
	if err != nil {
		h.fill(w, r, http.StatusUnprocessableEntity, view{Team: team, Name: name, Change: change, Error: shown(err)}, chosen)
		return
	}
	http.Redirect(w, r.Request, path(environments.Environment{Team: team, Name: name}), http.StatusSeeOther)
}

func (h handler) act(w http.ResponseWriter, r request) {
	ctx, team, name := r.Context(), r.team(), r.name()
	to := path(environments.Environment{Team: team, Name: name})
	var err error
	switch action := r.PathValue("action"); action {
	case "wake":
		err = r.Wake(ctx, team, name)
	case "pin", "unpin":
		err = r.Pin(ctx, team, name, action == "pin")
	case "extend":
		err = r.Extend(ctx, team, name, "")
	case "restore":
		err = r.Restore(ctx, team, name)
	case "delete":
		to = "/"
		_, err = r.Delete(ctx, team, name)
	default:
		err = fmt.Errorf("no such action: %s", action)
	}
	slog.Info(r.PathValue("action"), "person", r.person.Handle, "team", team, "environment", name, "error", err)
	if errors.Is(err, environments.ErrUnauthorized) {
		h.signIn(w, r)
		return
	}
	if err != nil {
		h.render(w, r, http.StatusUnprocessableEntity, "error.html", view{Title: "Not done", Error: shown(err)})
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}
