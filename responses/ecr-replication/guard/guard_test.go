// Package guard applies workloads as the API server would: it matches ../guard-registry.yaml's rules, and evaluates its
// expressions with the CEL library that the API server uses.
package guard

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/cel-go/cel"
	"go.yaml.in/yaml/v3"
)

type policy struct {
	Spec struct {
		MatchConstraints struct {
			ResourceRules []struct {
				APIGroups             []string `yaml:"apiGroups"`
				APIVersions           []string `yaml:"apiVersions"`
				Operations, Resources []string
			} `yaml:"resourceRules"`
		} `yaml:"matchConstraints"`
		Variables   []struct{ Name, Expression string }
		Validations []struct{ Expression, Message string }
	}
}

// workload puts a pod that has this image where its kind has it.
func workload(apiVersion, kind, image string, init bool) map[string]any {
	container := []any{map[string]any{"name": "app", "image": image}}
	pod := map[string]any{"containers": container}
	if init {
		pod = map[string]any{"containers": []any{map[string]any{"name": "app", "image": "busybox"}}, "initContainers": container}
	}
	template := map[string]any{"template": map[string]any{"spec": pod}}
	spec := template
	switch kind {
	case "Pod":
		spec = pod
	case "CronJob":
		spec = map[string]any{"jobTemplate": map[string]any{"spec": template}}
	}
	return map[string]any{"apiVersion": apiVersion, "kind": kind, "spec": spec}
}

// warnings returns the messages that `kubectl apply` would print for an object.
func (p policy) warnings(t *testing.T, object map[string]any) []string {
	t.Helper()
	group, version, found := strings.Cut(object["apiVersion"].(string), "/")
	if !found {
		group, version = "", group
	}
	resource := strings.ToLower(object["kind"].(string)) + "s"
	matched := false
	for _, rule := range p.Spec.MatchConstraints.ResourceRules {
		matched = matched || slices.Contains(rule.APIGroups, group) && slices.Contains(rule.APIVersions, version) &&
			slices.Contains(rule.Operations, "CREATE") && slices.Contains(rule.Resources, resource)
	}
	if !matched {
		return nil
	}
	env, err := cel.NewEnv(cel.Variable("object", cel.DynType), cel.Variable("variables", cel.DynType))
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]any{}
	evaluate := func(expression string) any {
		ast, issues := env.Compile(expression)
		if issues.Err() != nil {
			t.Fatalf("%s: %v", expression, issues.Err())
		}
		program, err := env.Program(ast)
		if err != nil {
			t.Fatal(err)
		}
		value, _, err := program.Eval(map[string]any{"object": object, "variables": variables})
		if err != nil {
			t.Fatalf("%s: %v", expression, err)
		}
		return value.Value()
	}
	for _, v := range p.Spec.Variables {
		variables[v.Name] = evaluate(v.Expression)
	}
	var messages []string
	for _, v := range p.Spec.Validations {
		if evaluate(v.Expression) != true {
			messages = append(messages, v.Message)
		}
	}
	return messages
}

func TestWorkloads(t *testing.T) {
	file, err := os.Open("../guard-registry.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var p policy
	if err := yaml.NewDecoder(file).Decode(&p); err != nil {
		t.Fatal(err)
	}
	const far, near = "123456789000.dkr.ecr.us-east-1.amazonaws.com/webapp:1", "123456789000.dkr.ecr.eu-west-1.amazonaws.com/webapp:1"
	for kind, apiVersion := range map[string]string{
		"Pod": "v1", "Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "Job": "batch/v1", "CronJob": "batch/v1",
	} {
		t.Run(kind, func(t *testing.T) {
			for _, init := range []bool{false, true} {
				if got := p.warnings(t, workload(apiVersion, kind, far, init)); len(got) != 1 {
					t.Errorf("image from us-east-1, in an init container = %v: warnings %q, want one", init, got)
				}
				if got := p.warnings(t, workload(apiVersion, kind, near, init)); len(got) != 0 {
					t.Errorf("image from eu-west-1, in an init container = %v: warnings %q, want none", init, got)
				}
			}
		})
	}
}
