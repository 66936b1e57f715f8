// Package guard applies workloads as the API server would: it matches ../guard-registry.yaml's rules, and evaluates its
// expressions.
package guard

import (
	"slices"
	"strings"
	"testing"

	admissionregistration "k8s.io/api/admissionregistration/v1"

	"responses.test/cve-scan/admission"
)

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
func warnings(t *testing.T, policy admissionregistration.ValidatingAdmissionPolicy, object map[string]any) []string {
	t.Helper()
	group, version, found := strings.Cut(object["apiVersion"].(string), "/")
	if !found {
		group, version = "", group
	}
	resource := strings.ToLower(object["kind"].(string)) + "s"
	matched := slices.ContainsFunc(policy.Spec.MatchConstraints.ResourceRules, func(rule admissionregistration.NamedRuleWithOperations) bool {
		return slices.Contains(rule.APIGroups, group) && slices.Contains(rule.APIVersions, version) &&
			slices.Contains(rule.Operations, admissionregistration.Create) && slices.Contains(rule.Resources, resource)
	})
	if !matched {
		return nil
	}
	return admission.Refusals(t, policy, object)
}

func TestWorkloads(t *testing.T) {
	var policy admissionregistration.ValidatingAdmissionPolicy
	admission.Read(t, "../guard-registry.yaml", &policy)
	const far, near = "123456789000.dkr.ecr.us-east-1.amazonaws.com/webapp:1", "123456789000.dkr.ecr.eu-west-1.amazonaws.com/webapp:1"
	for kind, apiVersion := range map[string]string{
		"Pod": "v1", "Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "Job": "batch/v1", "CronJob": "batch/v1",
	} {
		t.Run(kind, func(t *testing.T) {
			for _, init := range []bool{false, true} {
				if got := warnings(t, policy, workload(apiVersion, kind, far, init)); len(got) != 1 {
					t.Errorf("image from us-east-1, in an init container = %v: warnings %q, want one", init, got)
				}
				if got := warnings(t, policy, workload(apiVersion, kind, near, init)); len(got) != 0 {
					t.Errorf("image from eu-west-1, in an init container = %v: warnings %q, want none", init, got)
				}
			}
		})
	}
}
