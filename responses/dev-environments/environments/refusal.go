package environments

import (
	"regexp"
	"strings"
)

var (
	notOffered  = regexp.MustCompile(`(?m)^ *- at '/?([^']*)': (.*)$`)
	boilerplate = regexp.MustCompile(`(?m)^\s*\d+ errors? occurred:\s*$|^execution error at \([^)]*\): |.* denied request: |^\s*\* |; Use --debug.*$`)
)

// refusal makes of Helm's answer what a person needs: one reason a line, and what to try.
func refusal(err error) error {
	text := err.Error()
	if strings.Contains(text, "specifications of the schema") {
		var reasons []string
		for _, match := range notOffered.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(match[2], "'allOf' failed") {
				reasons = append(reasons, strings.TrimPrefix(strings.ReplaceAll(match[1], "/", ".")+": "+match[2], ": "))
			}
		}
		return &Error{"not offered: " + strings.Join(reasons, "; "), "devenv launch --help; nothing was changed"}
	}
	if i := strings.Index(text, "execution error at ("); i >= 0 { // a template's own words
		text = text[i:]
	}
	text = oneLine(boilerplate.ReplaceAllString(text, ""))
	if message, try, found := strings.Cut(text, "; try: "); found {
		return &Error{message, try}
	}
	return &Error{text, hint(text)}
}

// hint is the one thing to try.
func hint(message string) string {
	for _, known := range []struct{ pattern, try string }{
		{`exceeded quota`, "a smaller size, or delete what nobody needs: devenv list"},
		{`ErrImagePull|ImagePullBackOff`, "again later, or ask the platform's team: the registry has it not, or does not answer"},
		{`(?i)secret.*not found`, "a Secret that the team has; the platform's team adds them"},
		{`untolerated taint|node affinity|Insufficient`, "a smaller size, or leave it: it starts when a node has room"},
		{`CrashLoopBackOff`, "kubectl logs of the pod"},
		{`denied|forbidden`, "other choices; what is asked for stays as it is until you launch it anew or delete it"},
	} {
		if regexp.MustCompile(known.pattern).MatchString(message) {
			return known.try
		}
	}
	return "kubectl describe of its StatefulSet and pod"
}
