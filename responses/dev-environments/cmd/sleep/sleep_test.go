package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	kubetesting "k8s.io/client-go/testing"
)

func TestSleep(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "sleep")
}

var _ = Describe("the sleeper", func() {
	noon := time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	var (
		client *fake.Clientset
		s      sleeper
		scaled []autoscalingv1.Scale
	)
	sets := func() *appsv1.StatefulSet { return set(client, "team-a", "env") }
	BeforeEach(func() {
		client, scaled = fake.NewClientset(), nil
		s = sleeper{client: client, now: func() time.Time { return noon }}
		// The fake knows no subresources: this is what the API server does with a Scale.
		client.PrependReactor("update", "statefulsets", func(action kubetesting.Action) (bool, runtime.Object, error) {
			if action.GetSubresource() != "scale" {
				return false, nil, nil
			}
			scale := action.(kubetesting.UpdateAction).GetObject().(*autoscalingv1.Scale)
			scaled = append(scaled, *scale)
			object := set(client, scale.Namespace, scale.Name)
			object.Spec.Replicas = &scale.Spec.Replicas
			return true, scale, client.Tracker().Update(appsv1.SchemeGroupVersion.WithResource("statefulsets"), object, scale.Namespace)
		})
		add(client, "team-a", "env", noon.Add(-48*time.Hour), func(set *appsv1.StatefulSet, _ *corev1.Pod) { set.Annotations[expires] = "2026-12-30" })
	})
	alerted := func() error {
		return s.idle(context.Background(), environment{namespace: "team-a", name: "env", idleAt: noon.Add(-time.Minute)})
	}

	It("scales an idle environment to zero, and says why on it and as an event", func() {
		Expect(alerted()).To(Succeed())
		Expect(sets().Spec.Replicas).To(HaveValue(BeZero()))
		Expect(sets().Annotations).To(HaveKeyWithValue(asleep, "2026-12-31T12:00:00Z idle"))
		list, err := client.CoreV1().Events(metav1.NamespaceAll).List(context.Background(), metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(list.Items).To(ConsistOf(And(HaveField("Reason", "Asleep"), HaveField("Message", "put to sleep: idle"),
			HaveField("InvolvedObject", And(HaveField("Kind", "StatefulSet"), HaveField("Name", "env"), HaveField("Namespace", "team-a"))))))
	})
	It("brings the version that it read, so that a pin in the same moment wins", func() {
		Expect(alerted()).To(Succeed())
		Expect(scaled).To(ConsistOf(HaveField("ResourceVersion", "7")))
		Expect(string(client.Actions()[2].(kubetesting.PatchAction).GetPatch())).To(ContainSubstring(`"resourceVersion":"7"`))
	})
	DescribeTable("leaves alone", func(change func(*appsv1.StatefulSet, *corev1.Pod)) {
		client.ClearActions()
		add(client, "team-a", "other", noon.Add(-48*time.Hour), change)
		Expect(s.idle(context.Background(), environment{namespace: "team-a", name: "other", idleAt: noon.Add(-time.Minute)})).To(Succeed())
		Expect(scaled).To(BeEmpty())
		Expect(set(client, "team-a", "other").Annotations).NotTo(HaveKey(asleep))
	},
		Entry("what is pinned", func(set *appsv1.StatefulSet, _ *corev1.Pod) { set.Labels[pinned] = "true" }),
		Entry("what was woken after the alert", func(_ *appsv1.StatefulSet, pod *corev1.Pod) {
			pod.Status.StartTime = &metav1.Time{Time: noon.Add(-time.Second)}
		}),
		Entry("what is just starting", func(_ *appsv1.StatefulSet, pod *corev1.Pod) { pod.Status.StartTime = nil }),
		Entry("what is no environment", func(set *appsv1.StatefulSet, _ *corev1.Pod) { set.Labels["app.kubernetes.io/name"] = "database" }),
		Entry("what is asleep", func(set *appsv1.StatefulSet, _ *corev1.Pod) { set.Spec.Replicas = new(int32) }),
	)
	It("reports what it could not do", func() {
		client.PrependReactor("patch", "statefulsets", func(kubetesting.Action) (bool, runtime.Object, error) {
			return true, nil, errors.New("conflict")
		})
		Expect(alerted()).To(MatchError("conflict"))
		Expect(scaled).To(BeEmpty())
	})

	Describe("the webhook", func() {
		const firing = `{"alerts": [{"status": "firing", "startsAt": "2026-12-31T11:59:00Z",
			"labels": {"alertname": "EnvironmentIdleTooLong", "namespace": "team-a", "environment": "env"}}]}`
		post := func(method, path, authorization, body string) *http.Response {
			file := filepath.Join(GinkgoT().TempDir(), "token")
			Expect(os.WriteFile(file, []byte("secret\n"), 0o600)).To(Succeed())
			request := httptest.NewRequest(method, path, strings.NewReader(body))
			request.Header.Set("Authorization", authorization)
			recorder := httptest.NewRecorder()
			handler(s, file).ServeHTTP(recorder, request)
			return recorder.Result()
		}
		DescribeTable("puts to sleep what is firing", func(alert, why string) {
			Expect(post("POST", "/alerts", "Bearer secret", strings.Replace(firing, "IdleTooLong", alert, 1))).To(HaveHTTPStatus(http.StatusOK))
			Expect(sets().Annotations[asleep]).To(HaveSuffix(why))
		},
			Entry(nil, "IdleTooLong", " idle"),
			Entry(nil, "Expired", " idle after its last day, 2026-12-30"),
		)
		It("tells anyone the last days, until they end, and its health, and ends nothing by that", func() {
			for name, last := range map[string]string{"today": "2026-12-31", "broken": "soon"} {
				add(client, "team-b", name, noon, func(set *appsv1.StatefulSet, _ *corev1.Pod) { set.Annotations[expires] = last })
			}
			Expect(post("GET", "/metrics", "", "")).To(HaveHTTPBody(`# TYPE environment_expires_timestamp_seconds gauge
environment_expires_timestamp_seconds{namespace="team-a",environment="env"} 1798675200
environment_expires_timestamp_seconds{namespace="team-b",environment="today"} 1798761600
`))
			Expect(post("GET", "/healthz", "", "")).To(HaveHTTPStatus(http.StatusOK))
			Expect(scaled).To(BeEmpty())
		})
		It("is not for those without the token", func() {
			Expect(post("POST", "/alerts", "Bearer guess", firing)).To(HaveHTTPStatus(http.StatusUnauthorized))
			Expect(post("POST", "/alerts", "", firing)).To(HaveHTTPStatus(http.StatusUnauthorized))
			Expect(scaled).To(BeEmpty())
		})
		It("asks for another try when it could not, and goes on with the others", func() {
			client.PrependReactor("get", "statefulsets", func(action kubetesting.Action) (bool, runtime.Object, error) {
				return action.GetNamespace() == "team-b", nil, errors.New("try again")
			})
			both := strings.Replace(firing, `[`, `[`+strings.Replace(firing[len(`{"alerts": [`):len(firing)-len(`]}`)], "team-a", "team-b", 1)+",", 1)
			response := post("POST", "/alerts", "Bearer secret", both)
			Expect(response).To(HaveHTTPStatus(http.StatusInternalServerError))
			Expect(response).To(HaveHTTPBody("try again\n"))
			Expect(scaled).To(HaveLen(1))
		})
		DescribeTable("has others pass", func(from, to string) {
			Expect(post("POST", "/alerts", "Bearer secret", strings.Replace(firing, from, to, 1))).To(HaveHTTPStatus(http.StatusOK))
			Expect(scaled).To(BeEmpty())
		}, Entry("alerts that have ended", "firing", "resolved"), Entry("other alerts", "IdleTooLong", "Idle"))
		DescribeTable("refuses with one line", func(body, message string) {
			response := post("POST", "/alerts", "Bearer secret", body)
			Expect(response).To(HaveHTTPStatus(http.StatusBadRequest))
			Expect(response).To(HaveHTTPBody(And(HavePrefix(message), MatchRegexp(`^[^\n]+\n$`))))
		},
			Entry("no JSON", "hello", "not a message of Alertmanager: "),
			Entry("other JSON", `{"a": 1}`, "not a message of Alertmanager: no alerts"),
			Entry("too much", `{"a": "`+strings.Repeat("x", 1<<20)+`"}`, "not a message of Alertmanager: http: request body too large"),
			Entry("no environment", strings.Replace(firing, `"environment"`, `"pod"`, 1), "alert 0 has no namespace, environment or startsAt"),
			Entry("no time", strings.Replace(firing, `"startsAt"`, `"at"`, 1), "alert 0 has no namespace, environment or startsAt"),
		)
	})
})

// add makes an environment that runs since the given time.
func add(client *fake.Clientset, namespace, name string, since time.Time, change func(*appsv1.StatefulSet, *corev1.Pod)) {
	GinkgoHelper()
	one := int32(1)
	set := &appsv1.StatefulSet{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: name, ResourceVersion: "7", Annotations: map[string]string{},
			Labels: map[string]string{"app.kubernetes.io/name": "environment", pinned: "false"},
		},
		Spec: appsv1.StatefulSetSpec{Replicas: &one},
	}
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name + "-0"},
		Status:     corev1.PodStatus{StartTime: &metav1.Time{Time: since}},
	}
	if change != nil {
		change(set, pod)
	}
	Expect(client.Tracker().Add(set)).To(Succeed())
	Expect(client.Tracker().Add(pod)).To(Succeed())
}

func set(client *fake.Clientset, namespace, name string) *appsv1.StatefulSet {
	GinkgoHelper()
	object, err := client.Tracker().Get(appsv1.SchemeGroupVersion.WithResource("statefulsets"), namespace, name)
	Expect(err).NotTo(HaveOccurred())
	return object.(*appsv1.StatefulSet).DeepCopy()
}
