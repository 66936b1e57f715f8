package page

import "net/http"

// keys shows the person's own public keys, and saves them.
func (h handler) keys(w http.ResponseWriter, r request) {
	v := view{Title: "Your keys for team " + r.team(), Team: r.team(), Keys: r.PostFormValue("keys")}
	if r.Method == http.MethodPost {
		if err := r.SetKeys(r.Context(), r.team(), v.Keys); err != nil {
			v.Error = shown(err)
			h.render(w, r, http.StatusUnprocessableEntity, "keys.html", v)
			return
		}
		http.Redirect(w, r.Request, "/", http.StatusSeeOther)
		return
	}
	var err error
	if v.Keys, err = r.Keys(r.Context(), r.team()); err != nil {
		h.fail(w, r, err)
		return
	}
	h.render(w, r, http.StatusOK, "keys.html", v)
}
