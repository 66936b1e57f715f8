package suite

import (
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// On real nodes. What the API server alone decides ../../environments tries.
var _ = Describe("launching from a terminal", Ordered, func() {
	const secret = "correct-horse-battery-staple"
	var namespace string

	inside := func(command string) string {
		GinkgoHelper()
		return kubectl("exec", "try-0", "-n", namespace, "--", "bash", "-lc", command)
	}
	runs := func() string {
		GinkgoHelper()
		return kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.metadata.uid} {.spec.containers[0].image}")
	}
	moves := func(images string) {
		GinkgoHelper()
		kubectl("patch", "configmap", "catalogue", "-n", "platform", "-p", fmt.Sprintf(`{"data": {"debian-13": %q}}`, images))
	}

	BeforeAll(func() {
		homes(8) // one that was used is not used again
		namespace = team("launch", "general")
		set(namespace, "credentials={database}")
		logIn("dev-a", "launch")
		// Nobody logs in here: reach_test.go does.
		kubectl("create", "secret", "generic", "ssh-keys", "-n", namespace, "--from-literal=dev-a=")
		kubectl("create", "secret", "generic", "database", "-n", namespace, "--from-literal=password="+secret)
	})

	It("launches what was chosen", func() {
		out := devEnv("launch", "try", "--team", "launch", "--cpu", "1", "--memory", "2Gi", "--base", "debian-13", "--packages", "jq r-base", "--lifetime", "7", "--credentials", "database")
		Expect(out).To(ContainSubstring("try.launch.dev.example.com is ready, until " + time.Now().UTC().AddDate(0, 0, 7).Format(time.DateOnly)))
		Expect(out).To(And(ContainSubstring("host key fingerprint: SHA256:"), ContainSubstring("no ssh key: "), ContainSubstring("packages: ")))
		Expect(kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.spec.containers[0].resources}")).
			To(MatchJSON(`{"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"memory": "2Gi"}}`))
		By("keeping the host key's fingerprint where no log takes it away")
		Expect(kubectl("get", "statefulset", "try", "-n", namespace, "-o", `jsonpath={.metadata.annotations.dev\.example\.com/host-key}`)).To(HavePrefix("SHA256:"))
		Eventually(inside).WithArguments("packages || true").Should(Equal("of conda-forge: jq r-base"))
		Expect(devEnv("list", "--team", "launch")).To(MatchRegexp(`launch +try +dev-a +general +1 +2Gi +0 +ready +10Gi +no`))
	})

	It("gives the credentials to the container, and to nothing that others can read", func() {
		Expect(inside("cat $CREDENTIALS_DIRECTORY/password")).To(Equal(secret))
		Expect(kubectl("get", "all,persistentvolumeclaims,configmaps", "-n", namespace, "-o", "yaml")).NotTo(ContainSubstring(secret))
		By("giving the pod no token of the cluster")
		Expect(inside("ls /var/run/secrets 2>&1 || true")).To(ContainSubstring("No such file"))
	})

	It("goes on when it is pinned and extended, whatever the catalogue has by now, and wakes with the newest image", func() {
		inside("echo kept >~/file")
		next := strings.Replace(debian, "@", "-2026-12-07@", 1)
		moves(next + " " + debian)
		DeferCleanup(moves, debian)
		before := runs()
		Expect(before).To(HaveSuffix(" " + debian))
		for _, command := range []string{"pin", "unpin", "extend", "wake"} {
			devEnv(command, "try", "--team", "launch")
		}
		Expect(runs()).To(Equal(before))
		kubectl("scale", "statefulset", "try", "-n", namespace, "--replicas=0")
		kubectl("wait", "pod/try-0", "-n", namespace, "--for=delete", "--timeout=3m")
		Expect(devEnv("wake", "try", "--team", "launch")).To(ContainSubstring("is ready"))
		Expect(runs()).To(HaveSuffix(" " + next))
		Expect(inside("cat ~/file")).To(Equal("kept"))
	})

	It("is not moved by a drain or the autoscaler", func() {
		eviction := fmt.Sprintf(`{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "try-0", "namespace": %q}}`, namespace)
		_, err := run(nil, eviction, "kubectl", "create", "--raw", "/api/v1/namespaces/"+namespace+"/pods/try-0/eviction", "-f", "-")
		Expect(err).To(MatchError(ContainSubstring("Cannot evict pod as it would violate the pod's disruption budget")))
	})

	It("keeps the home of what is deleted for 14 days, and gives it back", func() {
		devEnv("delete", "try", "--team", "launch")
		Expect(kubectl("get", "statefulsets,services", "-n", namespace, "-o", "name")).To(BeEmpty())
		Expect(devEnv("list", "--team", "launch")).To(MatchRegexp(`try +dev-a .* deleted +10Gi +no +` + time.Now().UTC().AddDate(0, 0, 14).Format(time.DateOnly)))
		Expect(devEnv("restore", "try", "--team", "launch")).To(ContainSubstring("is ready"))
		Expect(inside("cat ~/file")).To(Equal("kept"))

		By("the platform's job, which removes it when its time is over")
		devEnv("delete", "try", "--team", "launch")
		kubectl("annotate", "pvc", "home-try", "-n", namespace, "--overwrite", "dev.example.com/deleted=2026-01-01T00:00:00Z")
		kubectl("create", "job", "sweep-now", "-n", "platform", "--from=cronjob/sweep")
		DeferCleanup(kubectl, "delete", "job", "sweep-now", "-n", "platform")
		kubectl("wait", "pvc/home-try", "-n", namespace, "--for=delete", "--timeout=3m")
	})

	It("says which packages there are not, and lets people in all the same", func() {
		out := devEnv("launch", "stuck", "--team", "launch", "--cpu", "1", "--memory", "2Gi", "--packages", "no-such-package")
		Expect(out).To(ContainSubstring("packages: "))
		Eventually(kubectl).WithArguments("logs", "stuck-0", "-n", namespace).Should(ContainSubstring("packages: NOT installed; see ~/packages.log"))
		devEnv("delete", "stuck", "--team", "launch")
	})

	It("leaves the homes when the team's chart is removed", func() {
		must("helm", "uninstall", namespace, "--namespace", "default", "--wait")
		Expect(kubectl("get", "pvc", "-n", namespace, "-o", "name")).To(ContainSubstring("persistentvolumeclaim/home-stuck"))
	})
})
