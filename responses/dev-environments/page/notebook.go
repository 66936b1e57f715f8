package page

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/cache"

	"dev-environments.test/environments"
)

// notebooks answers on the notebooks' host: an origin of its own, so that nothing that runs in a notebook can act on the page. It brings
// the owner, and nobody else, to the JupyterLab of their environment, at /TEAM/NAME/.
func (h handler) notebooks() http.Handler {
	// JupyterLab asks a lot: what the cluster says is remembered for a moment.
	opened := cache.NewLRUExpireCache(1000)
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", http.RedirectHandler(h.site, http.StatusSeeOther))
	mux.HandleFunc("/{team}/{name}/", func(w http.ResponseWriter, r *http.Request) {
		key := [...]string{r.Header.Get("Authorization"), r.PathValue("team"), r.PathValue("name")}
		if address, found := opened.Get(key); found {
			h.forward(w, r, address.(string))
			return
		}
		h.person(func(w http.ResponseWriter, r request) {
			if address := h.notebook(w, r); address != "" {
				opened.Add(key, address, 10*time.Second)
				h.forward(w, r.Request, address)
			}
		})(w, r)
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// notebook returns where the person's own listens, or says why they do not come to it.
func (h handler) notebook(w http.ResponseWriter, r request) string {
	e, address, err := r.Notebook(r.Context(), r.team(), r.name())
	refuse := func(status int, title, why, try string) {
		h.render(w, r, status, "error.html", view{Title: title, Error: &environments.Error{Message: r.name() + "." + r.team() + why, Try: try}})
	}
	switch {
	case err != nil:
		h.fail(w, r, err)
	case e.Owner != r.person.Handle: // a team's admin may delete it, and not work in it as somebody else
		refuse(http.StatusForbidden, "Not allowed", " belongs to "+e.OwnerName()+", and only its owner may open its notebook", "one of your own")
	case e.Notebook == "":
		refuse(http.StatusNotFound, "No notebook", " was started from an image without JupyterLab", "Change, to an image with it")
	case address == "":
		refuse(http.StatusServiceUnavailable, "Not running", " is "+e.State(), h.site+path(e))
	default:
		return address
	}
	return ""
}

// forward passes a request on, and a websocket too. Who asks is known by now: nothing that says so, or could act for them, reaches the pod.
func (h handler) forward(w http.ResponseWriter, r *http.Request, address string) {
	proxy := httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "http", Host: address})
			p.Out.Host = p.In.Host // JupyterLab compares it with the Origin
			maps.DeleteFunc(p.Out.Header, func(name string, _ []string) bool {
				return name == "Authorization" || name == "Cookie" || strings.HasPrefix(name, "X-Forwarded-") || strings.HasPrefix(name, "X-Auth-Request-")
			})
			for _, cookie := range p.In.Cookies() {
				if !strings.HasPrefix(cookie.Name, sessionCookies) {
					p.Out.AddCookie(cookie)
				}
			}
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			slog.Warn("notebook", "path", r.URL.Path, "error", err)
			h.render(w, request{Request: r}, http.StatusBadGateway, "error.html", view{Title: "No answer", Error: &environments.Error{
				Message: "JupyterLab does not answer", Try: "again in a minute; its log is ~/notebook.log"}})
		},
	}
	proxy.ServeHTTP(w, r)
}

// sessionCookies is what the names of the proxy's cookies begin with (../deploy/templates/page.yaml). A browser takes such a cookie from
// its own host only, so no notebook can set one for the page.
const sessionCookies = "__Host-"
