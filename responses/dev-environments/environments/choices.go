package environments

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Choices are what a person chooses, as text, by the names of the fields.
type Choices map[string]string

// Field is one thing that a person chooses: a flag of `devenv launch`, a field of the page's form.
type Field struct {
	Name    string // of the flag and of the form's field
	Title   string
	Hint    string
	Choices []string // what is offered; nil: what fits
	Default string
}

// Fields are all that there are, in the order of the form. What is offered the platform and the team say: see Offer.
func Fields() []Field {
	return []Field{
		{Name: "base", Title: "Image"},
		{Name: "packages", Title: "Packages", Hint: "from conda-forge, installed into the home at the start"},
		{Name: "cpu", Title: "CPU cores", Hint: "a share that is always there; what the node has idle is free to take"},
		{Name: "memory", Title: "Memory", Hint: "a limit: what needs more is killed"},
		{Name: "gpu", Title: "GPUs"},
		{Name: "group", Title: "Node group", Hint: "if not chosen, the size decides"},
		{Name: "lifetime", Title: "Lifetime in days", Hint: "until it is put to sleep, if nobody extends it"},
		{Name: "home", Title: "Home", Hint: "the volume under /home/dev, which outlives the environment; it can grow, not shrink. /tmp holds 10Gi: more restarts the environment"},
		{Name: "credentials", Title: "Credentials", Hint: "a Secret of the team, mounted at /etc/credentials; never a credential itself"},
		{Name: "data", Title: "Data set", Hint: "a claim of the team, mounted read-only at /data"},
	}
}

// Offer returns the fields with what the platform and the team offer.
func (c *Client) Offer(ctx context.Context, team string) ([]Field, error) {
	p, err := c.settings(ctx)
	if err != nil {
		return nil, err
	}
	space, err := c.kube.CoreV1().Namespaces().Get(ctx, namespace(team), metav1.GetOptions{})
	if err != nil {
		return nil, refusal(err, team)
	}
	return p.fields(space), nil
}

func (p *platform) fields(team *corev1.Namespace) []Field {
	fields := Fields()
	for i := range fields {
		f := &fields[i]
		f.Default = p.Defaults[f.Name]
		switch f.Name {
		case "base":
			f.Choices = slices.DeleteFunc(slices.Sorted(maps.Keys(p.Images)), func(name string) bool { return name == sessions })
		case "packages":
		case "group":
			f.Choices = append([]string{""}, strings.Split(team.Annotations["dev.example.com/groups"], ",")...)
		case "credentials", "data":
			f.Choices = append([]string{""}, strings.Fields(team.Annotations["dev.example.com/"+f.Name])...)
		default:
			f.Choices = p.Offer[f.Name]
		}
	}
	return fields
}

var packageName = regexp.MustCompile(`^[a-z0-9_][a-z0-9._-]*([=<>]=?[a-z0-9.*]+)?$`)

// complete returns the choices with the defaults for what is missing, or says what is not offered.
func complete(fields []Field, chosen Choices) (Choices, error) {
	all, wrong := Choices{}, []string{}
	for _, f := range fields {
		value, given := chosen[f.Name]
		if !given {
			value = f.Default
		}
		value = strings.Join(strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(", \n\t\r", r) }), " ")
		all[f.Name] = value
		if f.Name == "packages" {
			for _, name := range strings.Fields(value) {
				if !packageName.MatchString(name) {
					wrong = append(wrong, "packages: '"+name+"' is not a package's name")
				}
			}
		} else if !slices.Contains(f.Choices, value) {
			wrong = append(wrong, fmt.Sprintf("%s: '%s' is not one of: %s", f.Name, value, strings.TrimSpace(strings.Join(f.Choices, " "))))
		}
	}
	if len(wrong) > 0 {
		return nil, &Error{"not offered: " + strings.Join(wrong, "; "), "one of these; nothing was changed"}
	}
	return all, nil
}

// groupOf is the node group of the choices: the chosen one, or what the size asks for.
func (p *platform) groupOf(c Choices) string {
	if c["group"] != "" {
		return c["group"]
	}
	if c["gpu"] != "0" {
		return "gpu"
	}
	least, err := resource.ParseQuantity(p.HighMemory)
	if size, wrong := resource.ParseQuantity(c["memory"]); err == nil && wrong == nil && size.Cmp(least) >= 0 {
		return "high-memory"
	}
	return "general"
}
