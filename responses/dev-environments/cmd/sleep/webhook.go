package main

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"
)

// The alerts that ../../deploy/rules/environments.yaml has for this program.
const (
	idleAlert    = "EnvironmentIdleTooLong"
	expiredAlert = "EnvironmentExpired"
)

// notification is what is used of Alertmanager's webhook message.
type notification struct {
	Alerts []struct {
		Status   string
		Labels   map[string]string
		StartsAt time.Time
	}
}

func handler(s sleeper, tokenFile string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		var text strings.Builder
		if err := s.lastDays(r.Context(), &text); err != nil {
			answer(w, http.StatusInternalServerError, err)
			return
		}
		fmt.Fprint(w, text.String())
	})
	mux.HandleFunc("POST /alerts", func(w http.ResponseWriter, r *http.Request) {
		// Read each time: the kubelet replaces the file when the Secret changes.
		token, err := os.ReadFile(tokenFile)
		if err != nil {
			answer(w, http.StatusInternalServerError, err)
			return
		}
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+strings.TrimSpace(string(token)))) != 1 {
			answer(w, http.StatusUnauthorized, errors.New("not the sleeper's token: Authorization"))
			return
		}
		idle, err := parse(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			answer(w, http.StatusBadRequest, err)
			return
		}
		// One that fails does not hold up the others. Alertmanager repeats all after a 500; those that are done stay done.
		var failed error
		for _, e := range idle {
			failed = errors.Join(failed, s.idle(r.Context(), e))
		}
		if failed != nil {
			answer(w, http.StatusInternalServerError, failed)
		}
	})
	return mux
}

// answer tells the reason in one line, there and in the log.
func answer(w http.ResponseWriter, status int, err error) {
	line := strings.ReplaceAll(err.Error(), "\n", "; ")
	slog.Error(line, "status", status)
	http.Error(w, line, status)
}

// parse returns the environments to put to sleep. Alerts that have ended, and others than the sleeper's, are none of them.
func parse(body io.Reader) ([]environment, error) {
	var n notification
	if err := json.NewDecoder(body).Decode(&n); err != nil {
		return nil, fmt.Errorf("not a message of Alertmanager: %w", err)
	}
	if n.Alerts == nil {
		return nil, errors.New("not a message of Alertmanager: no alerts")
	}
	var idle []environment
	for i, alert := range n.Alerts {
		if alert.Status != "firing" || alert.Labels["alertname"] != idleAlert && alert.Labels["alertname"] != expiredAlert {
			continue
		}
		e := environment{namespace: alert.Labels["namespace"], name: alert.Labels["environment"], idleAt: alert.StartsAt,
			expired: alert.Labels["alertname"] == expiredAlert}
		if e.namespace == "" || e.name == "" || e.idleAt.IsZero() {
			return nil, fmt.Errorf("alert %d has no namespace, environment or startsAt", i)
		}
		idle = append(idle, e)
	}
	return idle, nil
}
