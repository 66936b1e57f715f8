// Package apply does with the HorizontalPodAutoscaler what a year of lunches does: apply, the CronJob's patch, and somebody's next
// `kubectl apply`, with the merge that kubectl and the API server use.
package apply

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	autoscaling "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

func TestApplyKeepsWhatTheCronJobSet(t *testing.T) {
	manifest := read(t, "../k8s/autoscaling.yaml")
	applied, err := yaml.YAMLToJSON([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	patches := regexp.MustCompile(`'({"spec":{"minReplicas":\d+}})'`).FindAllStringSubmatch(read(t, "../k8s/lunch-peak.yaml"), -1)
	if len(patches) != 2 {
		t.Fatalf("%d patches in lunch-peak.yaml, want two", len(patches))
	}
	live := defaulted(t, applied)
	for _, patch := range patches {
		if live, err = strategicpatch.StrategicMergePatch(live, []byte(patch[1]), autoscaling.HorizontalPodAutoscaler{}); err != nil {
			t.Fatal(err)
		}
		want := floor(t, live)
		if !strings.HasSuffix(patch[1], ":"+string(want)+"}}") {
			t.Fatalf("after %s the floor is %s", patch[1], want)
		}
		// kubectl apply: last applied, to be applied, live.
		schema, err := strategicpatch.NewPatchMetaFromStruct(autoscaling.HorizontalPodAutoscaler{})
		if err != nil {
			t.Fatal(err)
		}
		again, err := strategicpatch.CreateThreeWayMergePatch(applied, applied, live, schema, true)
		if err != nil {
			t.Fatal(err)
		}
		if live, err = strategicpatch.StrategicMergePatch(live, again, autoscaling.HorizontalPodAutoscaler{}); err != nil {
			t.Fatal(err)
		}
		live = defaulted(t, live)
		if got := floor(t, live); string(got) != string(want) {
			t.Errorf("kubectl apply changes minReplicas from %s to %s: the CronJob's value is lost until tomorrow", want, got)
		}
	}
}

// defaulted is the object as the API server stores it.
func defaulted(t *testing.T, object []byte) []byte {
	t.Helper()
	var h autoscaling.HorizontalPodAutoscaler
	if err := json.Unmarshal(object, &h); err != nil {
		t.Fatal(err)
	}
	if h.Spec.MinReplicas == nil {
		one := int32(1)
		h.Spec.MinReplicas = &one
	}
	stored, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func floor(t *testing.T, object []byte) json.RawMessage {
	t.Helper()
	var h struct {
		Spec struct{ MinReplicas json.RawMessage }
	}
	if err := json.Unmarshal(object, &h); err != nil {
		t.Fatal(err)
	}
	return h.Spec.MinReplicas
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
