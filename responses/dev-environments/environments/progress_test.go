package environments

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

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
		Expect(progress(set, nil, []corev1.Event{old}).Refused).To(BeNil())
		fresh := event("101", "StatefulSet", "try", "FailedCreate", `create Pod try-0 in StatefulSet try failed error: pods "try-0" is forbidden: exceeded quota: awake`)
		p := progress(set, nil, []corev1.Event{fresh, old})
		Expect(p.Refused.Error()).To(Equal(`pods "try-0" is forbidden: exceeded quota: awake; try: a smaller size, or delete what nobody needs: devenv list`))
	})
	It("waits in the autoscaler's words too, the newest, in one order", func() {
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Reason: "Unschedulable", Message: "0/2 nodes are available: 2 Insufficient cpu."}}
		triggered := event("7", "Pod", "try-0", "TriggeredScaleUp", "pod triggered scale-up: [{gpu-4 0->1 (max: 4)}]")
		none := event("9", "Pod", "try-0", "NotTriggerScaleUp", "(combined from similar events): pod didn't trigger scale-up: 8 Insufficient cpu, 1 max node group size reached")
		p := progress(set, pod, []corev1.Event{none, triggered})
		Expect(p.Refused).To(BeNil())
		Expect(p.Waiting()).To(Equal("0/2 nodes are available: 2 Insufficient cpu. " +
			"Autoscaler: pod didn't trigger scale-up: 1 max node group size reached, 8 Insufficient cpu"))
		Expect(progress(set, pod, []corev1.Event{triggered}).Waiting()).To(HaveSuffix(" Autoscaler: pod triggered scale-up: [{gpu-4 0->1 (max: 4)}]"))
		pod.UID = "another"
		Expect(progress(set, pod, []corev1.Event{none}).Waiting()).To(Equal("0/2 nodes are available: 2 Insufficient cpu."))
	})
	It("is refused by an image that cannot be had, if it is the newest pod that wants it", func() {
		waiting("ImagePullBackOff", "Back-off pulling image")
		Expect(progress(set, pod, nil).Refused.Error()).To(HavePrefix("ImagePullBackOff: Back-off pulling image; try: again later"))
		set.Status.UpdateRevision = "r2"
		p := progress(set, pod, nil)
		Expect(p.Refused).To(BeNil())
		Expect(p.Waiting()).To(Equal("the previous pod has to end"))
	})
	It("is refused by a Secret that is not there, of this pod only", func() {
		waiting("ContainerCreating", "")
		gone := event("5", "Pod", "try-0", "FailedMount", `MountVolume.SetUp failed for volume "credentials" : secret "x" not found`)
		Expect(progress(set, pod, []corev1.Event{gone}).Refused).NotTo(BeNil())
		pod.UID = "another"
		Expect(progress(set, pod, []corev1.Event{gone}).Refused).To(BeNil())
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
