package environments

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	. "github.com/onsi/gomega/gstruct"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/rest"

	"dev-environments.test/chart"
)

func TestEnvironments(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "environments")
}

var _ = DescribeTable("a person's name", func(username, handle string) { Expect(Handle(username)).To(Equal(handle)) },
	Entry("of a certificate", "dev-a", "dev-a"),
	Entry("of a provider, with a mail address", "oidc:Jane.Doe@example.com", "jane.doe"),
	Entry("of a managed GitHub user", "github:jane-doe_example", "jane-doe_example"),
	Entry("of a cloud's role", "arn:aws:sts::1:assumed-role/dev/jane", "jane"),
)

var _ = DescribeTable("a refusal", func(answer, message, try string) {
	err := refusal(errors.New(answer))
	Expect(err).To(PointTo(MatchFields(IgnoreExtras, Fields{"Message": Equal(message), "Try": ContainSubstring(try)})))
},
	Entry("by the schema", "values don't meet the specifications of the schema(s) in the following chart(s):\nenvironment:\n- at '': 'allOf' failed\n  - at '/cpu': value must be one of 1, 2\n- at '/image/base': value must be 'x'\n",
		"not offered: cpu: value must be one of 1, 2; image.base: value must be 'x'", "--help"),
	Entry("by a policy", "1 error occurred:\n\t* statefulsets.apps \"try\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p' denied request: node group gpu is not for team web: spec.nodeSelector; try: general\n\n",
		"node group gpu is not for team web: spec.nodeSelector", "general"),
	Entry("by a quota", `statefulsets.apps "try" is forbidden: exceeded quota: environments, requested: count/statefulsets.apps=1`,
		`statefulsets.apps "try" is forbidden: exceeded quota: environments, requested: count/statefulsets.apps=1`, "a smaller size"),
	Entry("by the chart", "execution error at (environment/templates/statefulset.yaml:1:4): the home of try belongs to dev-b; try: another name",
		"the home of try belongs to dev-b", "another name"),
)

var _ = It("tries again when somebody else has written the quota in the same moment, and for nothing else", func() {
	tries := 0
	Expect(again(func() error {
		if tries++; tries < 3 {
			return errors.New("Operation cannot be fulfilled: the object has been modified")
		}
		return nil
	})).To(Succeed())
	Expect(tries).To(Equal(3))
	Expect(again(func() error { tries++; return errors.New("no") })).NotTo(Succeed())
	Expect(tries).To(Equal(4))
})

var _ = It("is reached over the gateway, where there is one", func() {
	e := Environment{Address: "try.web.dev.example.com"}
	Expect(e.SSH()).To(Equal("ssh -p 2222 dev@try.web.dev.example.com"))
	e.Gateway = "gateway.example.com"
	Expect(e.SSH()).To(Equal("ssh -J dev@gateway.example.com:2222 -p 2222 dev@try.web.dev.example.com"))
})

var _ = Describe("a choice", func() {
	It("is offered as the schema has it, in its order", func() {
		fields, err := chart.Fields()
		Expect(err).NotTo(HaveOccurred())
		var names []string
		for _, field := range fields {
			names = append(names, field.Name)
		}
		Expect(names).To(Equal([]string{"base", "package", "requirements", "cpu", "memory", "gpu", "group", "lifetime", "pin", "home", "credentials", "data"}))
		Expect(fields[3]).To(MatchFields(IgnoreExtras, Fields{"Choices": Equal([]string{"1", "2", "4", "8", "16", "32"}), "Default": Equal("2")}))
		Expect(fields[3].Parse("4")).To(Equal(4.0))
		Expect(fields[3].Parse("four")).To(Equal("four"))
		Expect(fields[1].Parse("jq, g++", "git")).To(Equal([]any{"jq", "g++", "git"}))
		Expect(fields[8].Parse("true")).To(Equal(true))
	})

	DescribeTable("of a size asks for a group", func(gpu float64, memory, group string) {
		Expect(groupOf(map[string]any{"gpu": gpu, "memory": memory})).To(Equal(group))
	},
		Entry(nil, 0.0, "64Gi", "general"), Entry(nil, 0.0, "128Gi", "high-memory"), Entry(nil, 2.0, "256Gi", "gpu"),
	)
})

var _ = Describe("the progress of a start", func() {
	var set *appsv1.StatefulSet
	var pod *corev1.Pod
	event := func(version, kind, name, reason, message string) corev1.Event {
		return corev1.Event{
			ObjectMeta:     metav1.ObjectMeta{Namespace: "team-web", Name: "e" + version, ResourceVersion: version},
			InvolvedObject: corev1.ObjectReference{Kind: kind, Name: name, UID: "uid"}, Type: corev1.EventTypeWarning, Reason: reason, Message: message,
		}
	}
	waiting := func(reason, message string) {
		pod.Spec.NodeName = "node-1"
		pod.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "environment", State: corev1.ContainerState{
			Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message},
		}}}
	}
	BeforeEach(func() {
		one := int32(1)
		set = &appsv1.StatefulSet{
			ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: "try", Annotations: map[string]string{annotationAsked: "100"}},
			Spec:       appsv1.StatefulSetSpec{Replicas: &one},
			Status:     appsv1.StatefulSetStatus{CurrentRevision: "r1", UpdateRevision: "r1"},
		}
		pod = &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: "try-0", UID: "uid", Labels: map[string]string{appsv1.ControllerRevisionHashLabelKey: "r1"}}}
	})

	It("is refused by what the controller was told, but not by what it was told before", func() {
		old := event("99", "StatefulSet", "try", "FailedCreate", `create Pod try-0 in StatefulSet try failed error: pods "try-0" is forbidden: exceeded quota: old`)
		Expect(progress(set, nil, []corev1.Event{old}, false).Refused).To(BeNil())
		fresh := event("101", "StatefulSet", "try", "FailedCreate", `create Pod try-0 in StatefulSet try failed error: pods "try-0" is forbidden: exceeded quota: awake`)
		p := progress(set, nil, []corev1.Event{fresh, old}, false)
		Expect(p.Refused.Error()).To(Equal(`pods "try-0" is forbidden: exceeded quota: awake; try: a smaller size, or delete what nobody needs: devenv list`))
	})
	It("waits in the scheduler's words", func() {
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Reason: "Unschedulable", Message: "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2"}}
		p := progress(set, pod, nil, false)
		Expect(p.Refused).To(BeNil())
		Expect(p.Waiting()).To(Equal("0/2 nodes are available: 2 Insufficient cpu."))
	})
	It("waits in the autoscaler's words too, the newest, in one order", func() {
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Reason: "Unschedulable", Message: "0/2 nodes are available: 2 Insufficient cpu."}}
		triggered := event("7", "Pod", "try-0", "TriggeredScaleUp", "pod triggered scale-up: [{gpu-4 0->1 (max: 4)}]")
		none := event("9", "Pod", "try-0", "NotTriggerScaleUp", "(combined from similar events): pod didn't trigger scale-up: 8 Insufficient cpu, 1 max node group size reached")
		p := progress(set, pod, []corev1.Event{none, triggered}, false)
		Expect(p.Refused).To(BeNil())
		Expect(p.Waiting()).To(Equal("0/2 nodes are available: 2 Insufficient cpu. " +
			"Autoscaler: pod didn't trigger scale-up: 1 max node group size reached, 8 Insufficient cpu"))
		Expect(progress(set, pod, []corev1.Event{triggered}, false).Waiting()).To(HaveSuffix(" Autoscaler: pod triggered scale-up: [{gpu-4 0->1 (max: 4)}]"))
		pod.UID = "another"
		Expect(progress(set, pod, []corev1.Event{none}, false).Waiting()).To(Equal("0/2 nodes are available: 2 Insufficient cpu."))
	})
	It("is refused by an image that cannot be had, if it is the newest pod that wants it", func() {
		waiting("ImagePullBackOff", "Back-off pulling image")
		Expect(progress(set, pod, nil, false).Refused.Error()).To(HavePrefix("ImagePullBackOff: Back-off pulling image; try: again later"))
		set.Status.UpdateRevision = "r2"
		p := progress(set, pod, nil, false)
		Expect(p.Refused).To(BeNil())
		Expect(p.Waiting()).To(Equal("the pod of before ends"))
	})
	It("waits for an image where there is a builder, until that has failed", func() {
		set.Spec.Template.Spec.Containers = []corev1.Container{{Name: "environment", Image: "registry.example.com/dev/environment:debian-13-1"}}
		denied := event("101", "StatefulSet", "try", "FailedCreate", `create Pod try-0 in StatefulSet try failed error: denied request: not in the catalogue`)
		p := progress(set, nil, []corev1.Event{denied}, true)
		Expect(p.Refused).To(BeNil())
		Expect(p.Waiting()).To(Equal("its image is being built"))
		Expect(progress(set, nil, []corev1.Event{denied}, false).Refused.Error()).To(HavePrefix("not in the catalogue; try: "))
		old := event("99", "StatefulSet", "try", buildFailed, "the image could not be built: old")
		Expect(progress(set, nil, []corev1.Event{denied, old}, true).Refused).To(BeNil())
		failed := event("102", "StatefulSet", "try", buildFailed, "the image could not be built: no such package: x")
		Expect(progress(set, nil, []corev1.Event{denied, failed}, true).Refused.Error()).To(HavePrefix("the image could not be built: no such package: x; try: "))
	})
	It("is refused by a Secret that is not there, of this pod only", func() {
		waiting("ContainerCreating", "")
		gone := event("5", "Pod", "try-0", "FailedMount", `MountVolume.SetUp failed for volume "credentials" : secret "x" not found`)
		Expect(progress(set, pod, []corev1.Event{gone}, false).Refused).NotTo(BeNil())
		pod.UID = "another"
		Expect(progress(set, pod, []corev1.Event{gone}, false).Refused).To(BeNil())
	})
	It("tells each step once, and ends when the newest pod is ready", func(ctx SpecContext) {
		pod.Spec.NodeName = "node-1"
		pod.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "environment", ImageID: "sha256:1", Ready: true}}
		set.Status.ReadyReplicas = 1
		var said []string
		c := &Client{kube: fake.NewClientset(set, pod)}
		e, err := c.Await(ctx, "web", "try", time.Second, func(text string) { said = append(said, text) })
		Expect(err).NotTo(HaveOccurred())
		Expect(e.State()).To(Equal("ready"))
		Expect(said).To(Equal([]string{"accepted", "placed: on node node-1", "image", "started"}))
	})
	It("ends when time is up, with what it waits for", func() {
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Reason: "Unschedulable", Message: "0/2 nodes are available: 2 Insufficient cpu."}}
		c := &Client{kube: fake.NewClientset(set, pod)}
		_, err := c.Await(context.Background(), "web", "try", 0, func(string) {})
		Expect(err).To(MatchError("try has not started in 0 s: 0/2 nodes are available: 2 Insufficient cpu.; try: a smaller size, or leave it: it starts when a node has room"))
	})
})

var _ = Describe("a person", func() {
	It("is asked for at the API server, with the teams of their groups", func(ctx SpecContext) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "status": {"userInfo": {"username": "oidc:jane.doe@example.com", "groups": ["oidc:team-web", "oidc:team-data", "staff"]}}}`)
		}))
		DeferCleanup(server.Close)
		client, err := New(&rest.Config{Host: server.URL, ContentConfig: rest.ContentConfig{ContentType: "application/json"}})
		Expect(err).NotTo(HaveOccurred())
		Expect(client.WhoAmI(ctx)).To(Equal(Person{Handle: "jane.doe", Teams: []string{"data", "web"}}))
	})
	It("reads that the cluster gave no answer, when it gives none", func(ctx SpecContext) {
		client, err := New(&rest.Config{Host: "http://127.0.0.1:1"})
		Expect(err).NotTo(HaveOccurred())
		Expect(client.Launch(ctx, "web", "try", Choices{})).To(MatchError(ContainSubstring("the cluster gave no answer: ")))
	})
})
