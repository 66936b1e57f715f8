package suite

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	. "github.com/onsi/gomega/gstruct"
	"github.com/prometheus/common/model"
)

var _ = Describe("idle environments", Ordered, func() {
	var namespace string
	var mails *mailbox

	replicas := func(name string) string {
		GinkgoHelper()
		return kubectl("get", "statefulset", name, "-n", namespace, "-o", "jsonpath={.spec.replicas}")
	}
	// of is the expression for a recorded series of one environment, and value is what comes of it.
	of := func(environment, record string) string {
		return fmt.Sprintf("%s{namespace=%q, environment=%q}", record, namespace, environment)
	}
	value := func(plausible OmegaMatcher) OmegaMatcher { return ConsistOf(HaveField("Value", plausible)) }
	// arrived is satisfied by one mail that says this about the environment `lazy`.
	arrived := func(subject, text string) {
		GinkgoHelper()
		Eventually(mails.all).WithTimeout(3 * time.Minute).Should(ContainElement(MatchFields(IgnoreExtras, Fields{
			"To": Equal("dev-b@example.com"), "Subject": Equal(subject), "Text": ContainSubstring(text),
		})))
	}

	BeforeAll(func(ctx SpecContext) {
		homes(4)
		namespace = team("idle", "general")
		mails = startMailbox()
		startAlertmanager(ctx, mails)
		startPrometheus(ctx)

		logIn("dev-a", "idle")
		key := filepath.Join(GinkgoT().TempDir(), "key")
		newKey(key)
		kubectl("create", "secret", "generic", "ssh-keys", "-n", namespace, "--from-file=dev-a="+key+".pub", "--from-literal=dev-b=")
		launch := func(name string, options ...string) {
			GinkgoHelper()
			devEnv(append([]string{"launch", name, "--team", "idle", "--cpu", "1", "--memory", "2Gi"}, options...)...)
		}
		launch("working")
		kubectl("exec", "working-0", "-n", namespace, "--", "sh", "-c", "while :; do head -c 300M /dev/zero | sha256sum; sleep 1; done >/dev/null 2>&1 &")
		launch("session")
		address := kubectl("get", "pod", "session-0", "-n", namespace, "-o", "jsonpath={.status.podIP}")
		start("ssh", "-F", "none", "-p", "2222", "-i", key, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
			"-o", "UserKnownHostsFile=/dev/null", "dev@"+address, "sleep 1000")
		launch("pinned")
		devEnv("pin", "pinned", "--team", "idle")
		logIn("dev-b", "idle")
		launch("lazy")
		kubectl("exec", "lazy-0", "-n", namespace, "--", "sh", "-c", "echo kept >~/file")
	})

	It("are measured by what is asked for and what is used", func() {
		Eventually(query).WithArguments(`environment:cpu_requested:cores{environment="lazy"}`).
			Should(ConsistOf(And(HaveField("Value", model.SampleValue(1)), HaveField("Metric", Equal(model.Metric{"__name__": "environment:cpu_requested:cores",
				"namespace": model.LabelValue(namespace), "environment": "lazy", "team": "idle", "owner": "dev-b", "group": "general"})))))
		for record, plausible := range map[string]OmegaMatcher{
			"environment:memory_requested:bytes": BeNumerically("==", 2<<30),
			"environment:cpu_used:cores":         BeNumerically("<", 0.05),
			"environment:memory_used:bytes":      And(BeNumerically(">", 1<<20), BeNumerically("<", 1<<30)),
			"environment:sessions:count":         BeZero(),
		} {
			Eventually(query).WithArguments(of("lazy", record)).Should(value(plausible))
		}
		Eventually(query).WithArguments(of("working", "environment:cpu_used:cores")).Should(value(And(BeNumerically(">", 0.05), BeNumerically("<", 1))))
		Eventually(query).WithArguments(of("session", "environment:sessions:count")).Should(value(BeNumerically("==", 1)))
	})

	It("are on a node whose memory is measured, too", func() {
		expression := regexp.MustCompile(`(?s)alert: NodeNearEviction\s+expr: \|\s+(.+?) < `).FindStringSubmatch(edited("deploy/rules/memory.yaml"))
		Expect(expression).To(HaveLen(2))
		Eventually(query).WithArguments(expression[1]).
			Should(value(And(BeNumerically(">", 0), BeNumerically("<", 1))))
	})

	It("are announced to their owner, with what will happen and how to keep or wake them", func() {
		arrived("lazy has been idle for 4 hours", `lazy has been idle for 4 hours (team idle).
No session and next to no CPU. In 20 hours it is put to sleep: its processes end, its home stays.
To keep it running, log in, or: devenv pin lazy --team idle
Once it is asleep, wake it with: devenv wake lazy --team idle
`)
		Expect(replicas("lazy")).To(Equal("1"))
	})

	It("are put to sleep when they stay idle, and say why", func() {
		Eventually(replicas).WithArguments("lazy").WithTimeout(3 * time.Minute).Should(Equal("0"))
		kubectl("wait", "pod/lazy-0", "-n", namespace, "--for=delete", "--timeout=3m")
		Expect(kubectl("get", "statefulset", "lazy", "-n", namespace, "-o", `jsonpath={.metadata.annotations.dev\.example\.com/asleep}`)).
			To(MatchRegexp(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ idle$`))
		Expect(kubectl("get", "events", "-n", namespace, "--field-selector=reason=Asleep", "-o", "jsonpath={.items[*].involvedObject.name}: {.items[*].message}")).
			To(Equal("lazy: put to sleep: idle"))
		arrived("lazy has been idle for a day and is asleep now", "Its processes end, its home stays.\n")
	})

	It("stay while there is work or a session, or when they are pinned, though that one is as idle", func() {
		// They were launched before the one that is gone.
		Expect(query(of("pinned", "environment:idle:bool"))).To(value(BeNumerically("==", 1)))
		for _, name := range []string{"working", "session", "pinned"} {
			Expect(replicas(name)).To(Equal("1"), name)
		}
		Expect(query(fmt.Sprintf(`ALERTS{alertname=~"EnvironmentIdle.*", namespace=%q, environment!="lazy"}`, namespace))).To(BeEmpty())
		Expect(mails.all()).NotTo(ContainElement(HaveField("To", "dev-a@example.com")))
	})

	It("wake by the command in the mail, with the home as it was, and are not put to sleep again at once", func() {
		mail := mails.all()[len(mails.all())-1].Text
		command := regexp.MustCompile(`(?m)devenv (wake .*)$`).FindStringSubmatch(mail)
		Expect(command).NotTo(BeNil(), mail)
		Expect(devEnv(strings.Fields(command[1])...)).To(ContainSubstring("is ready"))
		Expect(kubectl("exec", "lazy-0", "-n", namespace, "--", "cat", "file")).To(Equal("kept"))
		// Longer than anything of before is remembered, and shorter than the new time.
		Consistently(replicas).WithArguments("lazy").WithTimeout(65 * time.Second).WithPolling(time.Second).Should(Equal("1"))
		Expect(query(fmt.Sprintf(`ALERTS{alertname="EnvironmentIdleTooLong", namespace=%q, alertstate="firing"}`, namespace))).To(BeEmpty())
	})

	It("are announced and not ended by their last day while they are busy, and put to sleep when they are idle", func() {
		kubectl("annotate", "statefulset", "working", "-n", namespace, "--overwrite", "dev.example.com/expires=2020-01-31")
		Eventually(mails.all).Should(ContainElement(MatchFields(IgnoreExtras, Fields{
			"To": Equal("dev-a@example.com"), "Subject": Equal("the last day of working is near, or over"), "Text": ContainSubstring("devenv extend working --team idle"),
		})))
		Consistently(replicas).WithArguments("working").WithTimeout(30 * time.Second).WithPolling(time.Second).Should(Equal("1"))
		kubectl("exec", "working-0", "-n", namespace, "--", "sh", "-c", "kill -9 -1 || true") // all of the user's, but the first
		Eventually(replicas).WithArguments("working").WithTimeout(4 * time.Minute).Should(Equal("0"))
		Expect(kubectl("get", "statefulset", "working", "-n", namespace, "-o", `jsonpath={.metadata.annotations.dev\.example\.com/asleep}`)).
			To(HaveSuffix(" idle after its last day, 2020-01-31"))
		Expect(replicas("session") + replicas("pinned")).To(Equal("11"))
	})

	// The job that makes rows of these series ../../records tries, with a real PostgreSQL.
	It("leave what their record is made of, beside what is measured", func() {
		Expect(query(fmt.Sprintf("kube_statefulset_created{namespace=%q}", namespace))).To(HaveLen(4))
		Expect(query(fmt.Sprintf(`kube_statefulset_annotations{namespace=%q, annotation_dev_example_com_image_base="debian-13"}`, namespace))).To(HaveLen(4))
	})
})
