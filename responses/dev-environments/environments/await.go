package environments

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Await looks until it is ready, can never be, or time is up; said hears of each new step and reason.
func (c *Client) Await(ctx context.Context, team, name string, timeout time.Duration, said func(string)) (Environment, error) {
	deadline := time.Now().Add(timeout)
	var last string
	done := map[string]bool{}
	for {
		p, err := c.Progress(ctx, team, name)
		if err != nil {
			return Environment{}, err
		}
		for _, step := range p.Steps {
			if step.Done && !done[step.Name] {
				done[step.Name] = true
				said(strings.TrimSuffix(step.Name+": "+step.Message, ": "))
			}
		}
		if p.Environment.Ready {
			return p.Environment, nil
		}
		if p.Refused != nil {
			return Environment{}, &Error{name + " cannot start: " + p.Refused.Message, p.Refused.Try}
		}
		if waiting := p.Waiting(); waiting != "" && waiting != last {
			last = waiting
			said("waiting: " + waiting)
		}
		if time.Now().After(deadline) {
			return Environment{}, &Error{strings.TrimSuffix(fmt.Sprintf("%s has not started in %.0f s: %s", name, timeout.Seconds(), last), ": "), hint(last)}
		}
		select {
		case <-ctx.Done():
			return Environment{}, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// Greeting is what the entrypoint says: the host key's fingerprint to compare at the first login, whether there is a key at all, and
// what becomes of the packages. The fingerprint is noted on the environment, because a pod's log goes some day.
func (c *Client) Greeting(ctx context.Context, team, name string) (lines []string) {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return nil
	}
	known := set.Annotations[annotationHostKey]
	key := known
	logs, err := c.kube.CoreV1().Pods(namespace(team)).GetLogs(name+"-0", &corev1.PodLogOptions{Container: "environment"}).DoRaw(ctx)
	if err == nil {
		for _, line := range greeting.FindAllString(string(logs), -1) {
			if said, is := strings.CutPrefix(line, hostKey); is {
				key = said
			} else {
				lines = append(lines, line)
			}
		}
	}
	if key == "" {
		return lines
	}
	if key != known { // for others than the owner it is refused, and the owner's next look does it
		_ = c.annotate(ctx, set, team, map[string]any{"annotations": map[string]string{annotationHostKey: key}})
	}
	return append([]string{hostKey + key}, lines...)
}

const hostKey = "host key fingerprint: "

var greeting = regexp.MustCompile(`(?m)^(host key fingerprint|no ssh key|packages): .*`)
