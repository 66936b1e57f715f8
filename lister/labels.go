package lister

import (
	"maps"
	"slices"
	"strings"
)

// escapeLabels returns labels that are safe to print. It never returns nil.
func escapeLabels(labels map[string]string) map[string]string {
	escaped := make(map[string]string, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		escaped[Escape(key)] = Escape(labels[key])
	}
	return escaped
}

// hasLabels reports whether a row has all labels, which are KEY or KEY=VALUE.
func hasLabels(r *Row, labels []string) bool {
	for _, label := range labels {
		key, value, hasValue := strings.Cut(label, "=")
		if have, ok := r.Labels()[Escape(key)]; !ok || hasValue && have != Escape(value) {
			return false
		}
	}
	return true
}

// labelText returns labels as docker writes them: "KEY=VALUE,KEY=VALUE", sorted by key.
func labelText(labels map[string]string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		all = append(all, key+"="+labels[key])
	}
	return strings.Join(all, ",")
}
