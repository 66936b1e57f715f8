// Command podsecurity says whether the API server would admit the pods of workloads, with the admission controller's own
// checks at the level that each workload's Namespace enforces.
//
//	podsecurity [-inject FILE] MANIFEST...
//
// With -inject, FILE is a pod template whose containers a mesh adds, as Linkerd's injector does, where the Namespace has the
// annotation linkerd.io/inject: enabled. A Deployment whose Namespace is not among the manifests is an error.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func main() {
	inject := flag.String("inject", "", "pod template with the containers that a mesh adds")
	flag.Parse()
	if err := run(*inject, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(inject string, manifests []string) error {
	var mesh core.PodTemplateSpec
	if inject != "" {
		if err := each(inject, func(decode func(any) error) error { return decode(&mesh) }); err != nil {
			return err
		}
	}
	namespaces, deployments, err := read(manifests)
	if err != nil {
		return err
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	unlabelled := api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()}
	defaults := api.Policy{Enforce: unlabelled, Audit: unlabelled, Warn: unlabelled}
	var refused []error
	for _, d := range deployments {
		namespace, ok := namespaces[d.Namespace]
		if !ok {
			refused = append(refused, fmt.Errorf("deployment %s: no Namespace %q among the manifests", d.Name, d.Namespace))
			continue
		}
		pod, meshed := d.Spec.Template, ""
		if namespace.Annotations["linkerd.io/inject"] == "enabled" {
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, mesh.Spec.InitContainers...)
			pod.Spec.Containers = append(pod.Spec.Containers, mesh.Spec.Containers...)
			meshed = ", with the mesh's containers"
		}
		enforced, errs := api.PolicyToEvaluate(namespace.Labels, defaults)
		if len(errs) > 0 {
			return errs.ToAggregate()
		}
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(enforced.Enforce, &pod.ObjectMeta, &pod.Spec))
		if !result.Allowed {
			refused = append(refused, fmt.Errorf("deployment %s/%s is refused under %s: %s",
				d.Namespace, d.Name, enforced.Enforce.Level, result.ForbiddenDetail()))
			continue
		}
		fmt.Printf("deployment %s/%s is admitted under %s%s\n", d.Namespace, d.Name, enforced.Enforce.Level, meshed)
	}
	return errors.Join(refused...)
}

func read(manifests []string) (map[string]core.Namespace, []apps.Deployment, error) {
	namespaces, deployments := map[string]core.Namespace{}, []apps.Deployment{}
	for _, name := range manifests {
		err := each(name, func(decode func(any) error) error {
			var kind struct{ Kind string }
			if err := decode(&kind); err != nil {
				return err
			}
			switch kind.Kind {
			case "Namespace":
				var n core.Namespace
				err := decode(&n)
				namespaces[n.Name] = n
				return err
			case "Deployment":
				var d apps.Deployment
				err := decode(&d)
				deployments = append(deployments, d)
				return err
			}
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return namespaces, deployments, nil
}

// each calls do for every document of a YAML file.
func each(name string, do func(decode func(any) error) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	documents := yaml.NewYAMLToJSONDecoder(file)
	for {
		var raw json.RawMessage
		if err := documents.Decode(&raw); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := do(func(into any) error { return json.Unmarshal(raw, into) }); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}
