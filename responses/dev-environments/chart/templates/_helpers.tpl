{{- define "environment.selector" -}}
app.kubernetes.io/name: environment
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "environment.labels" -}}
{{ include "environment.selector" . }}
dev.example.com/team: {{ .Values.team | quote }}
dev.example.com/owner: {{ .Values.owner | quote }}
dev.example.com/group: {{ .Values.group }}
{{- end }}

{{- /* What a schema cannot say. */ -}}
{{- define "environment.check" -}}
{{- if not (regexMatch "^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$" .Release.Name) }}
{{- fail (printf "%s cannot be an environment's name: it is part of a DNS name; try: up to 40 small letters, digits and hyphens" .Release.Name) }}
{{- end }}
{{- if ne .Release.Namespace (printf "team-%s" .Values.team) }}
{{- fail (printf "team %s lives in the namespace team-%s, not in %s" .Values.team .Values.team .Release.Namespace) }}
{{- end }}
{{- /* These bases have an interpreter that is not Debian's, which would find nothing of Debian's packages for its own. */ -}}
{{- range .Values.image.packages }}
{{- if and (hasPrefix "python-" $.Values.image.base) (regexMatch "^(i|lib)?python|^cython" .) }}
{{- fail (printf "%s belongs to Debian's own Python, not to %s; try: --requirements, or pip install in a virtual environment of the home" . $.Values.image.base) }}
{{- else if and (hasPrefix "r-" $.Values.image.base) (regexMatch "^r-(base|recommended|cran|bioc|other)" .) }}
{{- fail (printf "%s belongs to Debian's own R, not to %s; try: --requirements, or install.packages in the home" . $.Values.image.base) }}
{{- end }}
{{- end }}
{{- $last := include "environment.lastDay" . }}
{{- if gt .Values.expires $last }}
{{- fail (printf "expires %s is later than lifetimeDays %d allows: %s" .Values.expires (int .Values.lifetimeDays) $last) }}
{{- end }}
{{- /* A home is kept when its environment is deleted: nobody gets another person's by choosing the same name. */ -}}
{{- with lookup "v1" "PersistentVolumeClaim" .Release.Namespace (printf "home-%s" .Release.Name) }}
{{- $owner := index .metadata.labels "dev.example.com/owner" }}
{{- if ne $owner $.Values.owner }}
{{- fail (printf "the home of %s belongs to %s; try: another name" $.Release.Name $owner) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "environment.lastDay" -}}
{{ dateInZone "2006-01-02" (now | mustDateModify (printf "+%dh" (mul 24 (int .Values.lifetimeDays)))) "UTC" }}
{{- end }}
