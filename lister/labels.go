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
		escaped[escapeText(key)] = escapeText(labels[key])
	}
	return escaped
}

// hasLabels reports whether a row has all labels, which are KEY or KEY=VALUE.
func hasLabels(r *Row, labels []string) bool {
	for _, label := range labels {
		key, value, hasValue := strings.Cut(label, "=")
		if have, ok := r.Labels()[escapeText(key)]; !ok || hasValue && have != escapeText(value) {
			return false
		}
	}
	return true
}

// labelsColumn returns the column of labels, which in texts are as docker writes them: "KEY=VALUE,KEY=VALUE".
func labelsColumn() Column {
	return Column{
		Name: "Labels", Title: "LABELS", Key: "labels", Fields: Labels,
		Text: func(r *Row, _ *Table) string {
			var all []string
			for _, key := range slices.Sorted(maps.Keys(r.Labels())) {
				all = append(all, key+"="+r.Labels()[key])
			}
			return strings.Join(all, ",")
		},
		Value: func(r *Row) any {
			if labels := r.Labels(); labels != nil {
				return labels
			}
			return ""
		},
	}
}
