{{- define "team.namespace" -}}
team-{{ .Values.team }}
{{- end }}
