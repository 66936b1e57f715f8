package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("launching from a terminal", Ordered, func() {
	const secret = "correct-horse-battery-staple"
	var namespace string

	launch := func(name string, options ...string) (string, error) {
		GinkgoHelper()
		arguments := []string{"launch", name, "--team", "launch", "--cpu", "1", "--memory", "2Gi"}
		return tryDevEnv(append(arguments, options...)...)
	}
	statefulSet := func(name, jsonpath string) string {
		GinkgoHelper()
		return kubectl("get", "statefulset", name, "-n", namespace, "-o", "jsonpath="+jsonpath)
	}

	BeforeAll(func() {
		homes(8) // one that was deleted is not used again
		namespace = team("launch", "general")
		logIn("dev-a", "launch")
		// Nobody logs in here: reach_test.go does.
		kubectl("create", "secret", "generic", "ssh-keys", "-n", namespace, "--from-literal=dev-a=")
		kubectl("create", "secret", "generic", "database", "-n", namespace, "--from-literal=password="+secret)
		GinkgoT().Setenv("DEVENV_TIMEOUT", "180")
	})

	It("refuses what is not offered, with the choices, and launches nothing", func() {
		_, err := launch("try", "--cpu", "3")
		Expect(err).To(MatchError(ContainSubstring("not offered: cpu: value must be one of 1, 2, 4, 8, 16, 32")))
		_, err = launch("try", "--gpu", "1", "--group", "general")
		Expect(err).To(MatchError(ContainSubstring("not offered: group: value must be 'gpu'")))
		Expect(kubectl("get", "statefulsets,persistentvolumeclaims,services", "-n", namespace, "-o", "name")).To(BeEmpty())
	})

	It("refuses a node group that is not the team's, and leaves nothing of the launch", func() {
		_, err := launch("try", "--gpu", "1")
		Expect(err).To(MatchError(ContainSubstring("devenv: error: node group gpu is not for team launch")))
		Expect(kubectl("get", "statefulsets,services,configmaps", "-n", namespace, "-o", "name")).To(Equal("configmap/kube-root-ca.crt"))
		Eventually(func() string {
			return kubectl("get", "persistentvolumeclaims", "-n", namespace, "-o", "name")
		}).WithTimeout(30 * time.Second).Should(BeEmpty())
	})

	It("launches what was chosen", func() {
		out, err := launch("try", "--base", "debian-13", "--package", "jq", "--lifetime", "7", "--credentials", "database")
		Expect(err).NotTo(HaveOccurred())
		Expect(out).To(ContainSubstring("try.launch.dev.example.com is ready, until " + time.Now().UTC().AddDate(0, 0, 7).Format(time.DateOnly)))
		Expect(out).To(ContainSubstring("host key fingerprint: SHA256:"))
		Expect(out).To(ContainSubstring("no ssh key: "))
		Expect(statefulSet("try", "{.metadata.labels}")).To(MatchJSON(`{
			"app.kubernetes.io/instance": "try", "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/name": "environment",
			"dev.example.com/group": "general", "dev.example.com/owner": "dev-a", "dev.example.com/team": "launch", "dev.example.com/pinned": "false"
		}`))
		Expect(kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.spec.containers[0].resources}")).
			To(MatchJSON(`{"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"memory": "2Gi"}}`))
		Expect(kubectl("exec", "try-0", "-n", namespace, "--", "jq", "-n", "1+1")).To(Equal("2"))
		Expect(devEnv("list", "--team", "launch")).To(MatchRegexp(`launch +try +dev-a +general +1 +2Gi +0 +ready +no`))
	})

	It("satisfies the level restricted, which the namespace enforces", func() {
		Expect(kubectl("get", "namespace", namespace, "-o", `jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`)).To(Equal("restricted"))
		_, err := tryKubectl("run", "other", "-n", namespace, "--image=registry.example.com/any", "--dry-run=server")
		Expect(err).To(MatchError(ContainSubstring(`violates PodSecurity "restricted`)))
	})

	It("gives the credentials to the container, and to nothing that others can read", func() {
		Expect(kubectl("exec", "try-0", "-n", namespace, "--", "sh", "-c", "cat $CREDENTIALS_DIRECTORY/password")).To(Equal(secret))
		GinkgoT().Setenv("HELM_DRIVER", "configmap")
		release := must("helm", "get", "all", "try", "-n", namespace)
		Expect(release).To(ContainSubstring("secretName: database"))
		Expect(release).NotTo(ContainSubstring(secret))
		By("keeping releases where no right on secrets is needed")
		Expect(kubectl("get", "secrets", "-n", namespace, "--field-selector", "type=helm.sh/release.v1", "-o", "name")).To(BeEmpty())
		By("giving the pod no token of the cluster")
		Expect(kubectl("exec", "try-0", "-n", namespace, "--", "sh", "-c", "ls /var/run/secrets 2>&1 || true")).To(ContainSubstring("No such file"))
	})

	It("mounts a data set that the node holds, for reading", func() {
		directory, err := os.MkdirTemp("/var/lib", "data-")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(os.RemoveAll, directory)
		Expect(os.Chmod(directory, 0o755)).To(Succeed())
		Expect(os.WriteFile(filepath.Join(directory, "prices"), []byte("1 2 3"), 0o644)).To(Succeed())
		apply(fmt.Sprintf(`
apiVersion: v1
kind: PersistentVolume
metadata: {name: prices-launch}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadOnlyMany]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: data
  claimRef: {namespace: %s, name: prices}
  local: {path: %s}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions: [{key: dev.example.com/group, operator: In, values: [general]}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: prices, namespace: %[1]s}
spec: {accessModes: [ReadOnlyMany], storageClassName: data, volumeName: prices-launch, resources: {requests: {storage: 1Gi}}}
`, namespace, directory))
		DeferCleanup(kubectl, "delete", "persistentvolume", "prices-launch", "--timeout=1m")
		DeferCleanup(kubectl, "delete", "persistentvolumeclaim", "prices", "-n", namespace, "--timeout=1m")
		_, err = launch("reader", "--data", "prices")
		Expect(err).NotTo(HaveOccurred())
		Expect(kubectl("exec", "reader-0", "-n", namespace, "--", "sh", "-c", "cat /data/prices; touch /data/more 2>&1 || true")).
			To(And(HavePrefix("1 2 3"), ContainSubstring("Read-only file system")))
		devEnv("delete", "reader", "--team", "launch", "--with-home")
	})

	It("wakes what somebody else has scaled to zero, and no upgrade does that by the way", func() {
		asleep := func() {
			GinkgoHelper()
			kubectl("scale", "statefulset", "try", "-n", namespace, "--replicas=0")
			kubectl("annotate", "statefulset", "try", "-n", namespace, "dev.example.com/asleep=idle")
			kubectl("wait", "pod/try-0", "-n", namespace, "--for=delete", "--timeout=60s")
		}
		kubectl("exec", "try-0", "-n", namespace, "--", "sh", "-c", "echo kept >~/file")
		asleep()
		devEnv("pin", "try", "--team", "launch")
		Expect(statefulSet("try", `{.spec.replicas} {.metadata.labels.dev\.example\.com/pinned}`)).To(Equal("0 true"))
		devEnv("unpin", "try", "--team", "launch")
		Expect(statefulSet("try", `{.spec.replicas} {.metadata.labels.dev\.example\.com/pinned}`)).To(Equal("0 false"))

		Expect(devEnv("wake", "try", "--team", "launch")).To(ContainSubstring("is ready"))
		Expect(statefulSet("try", `{.spec.replicas}{.metadata.annotations.dev\.example\.com/asleep}`)).To(Equal("1"))
		Expect(kubectl("exec", "try-0", "-n", namespace, "--", "cat", "file")).To(Equal("kept"))

		By("launching it again, which keeps what is not asked for anew")
		asleep()
		devEnv("launch", "try", "--team", "launch", "--memory", "4Gi")
		Expect(kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.spec.containers[0].resources.requests}")).
			To(MatchJSON(`{"cpu": "1", "memory": "4Gi"}`))
		Expect(kubectl("exec", "try-0", "-n", namespace, "--", "sh", "-c", "command -v jq; cat ~/file")).To(Equal("/usr/bin/jq\nkept"))
	})

	It("keeps the image that it runs when the catalogue moves, and wakes with the newest", func() {
		moves := func(images string) {
			GinkgoHelper()
			kubectl("patch", "configmap", "catalogue", "-n", "platform", "-p", fmt.Sprintf(`{"data": {%q: %q}}`, tagOf(jq), images))
		}
		newest := strings.Replace(jq, "@", "-2026w01@", 1)
		moves(newest + " " + jq)
		DeferCleanup(moves, jq)
		runs := func() string {
			GinkgoHelper()
			return kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.metadata.uid} {.spec.containers[0].image}")
		}
		before := runs()
		Expect(before).To(HaveSuffix(" " + jq))
		for _, command := range []string{"pin", "unpin", "extend", "wake"} {
			devEnv(command, "try", "--team", "launch")
		}
		Expect(runs()).To(Equal(before))
		kubectl("scale", "statefulset", "try", "-n", namespace, "--replicas=0")
		kubectl("wait", "pod/try-0", "-n", namespace, "--for=delete", "--timeout=60s")
		devEnv("wake", "try", "--team", "launch")
		Expect(runs()).To(HaveSuffix(" " + newest))
	})

	It("keeps the home of what is deleted, for its owner", func() {
		devEnv("delete", "try", "--team", "launch")
		_, err := launch("try", "--owner", "dev-b")
		Expect(err).To(MatchError(ContainSubstring("the home of try belongs to dev-a")))
		_, err = launch("try")
		Expect(err).NotTo(HaveOccurred())
		Expect(kubectl("exec", "try-0", "-n", namespace, "--", "cat", "file")).To(Equal("kept"))
		devEnv("delete", "try", "--team", "launch", "--with-home")
		Expect(kubectl("get", "statefulsets,persistentvolumeclaims,services,serviceaccounts", "-n", namespace, "-o", "name")).
			To(Equal("serviceaccount/default"))
	})

	Context("when it cannot start", func() {
		AfterEach(func() {
			_, _ = tryDevEnv("delete", "stuck", "--team", "launch", "--with-home")
		})

		It("says that nobody has built the image, and starts with another", func() {
			_, err := launch("stuck", "--package", "no-such-package")
			Expect(err).To(MatchError(MatchRegexp(`not in the catalogue, by digest: image registry\.example\.com/dev/environment:debian-13-\w+; try: other packages`)))
			_, err = launch("stuck", "--no-packages")
			Expect(err).NotTo(HaveOccurred())
		})

		It("says which quota is used up", func() {
			kubectl("create", "quota", "tiny", "-n", namespace, "--hard=requests.memory=1Gi")
			DeferCleanup(func() { kubectl("delete", "quota", "tiny", "-n", namespace) })
			_, err := launch("stuck")
			Expect(err).To(MatchError(And(ContainSubstring("exceeded quota: tiny"), ContainSubstring("try: a smaller size"))))
		})

		It("says what the scheduler has tried, when there is no room", func() {
			GinkgoT().Setenv("DEVENV_TIMEOUT", "5")
			_, err := launch("stuck", "--cpu", "32")
			Expect(err).To(MatchError(And(ContainSubstring("has not started in 5 s"), ContainSubstring("Insufficient cpu"))))
		})

		It("says which Secret is missing", func() {
			_, err := launch("stuck", "--credentials", "no-such-secret")
			Expect(err).To(MatchError(And(ContainSubstring("stuck cannot start"), ContainSubstring(`secret "no-such-secret" not found`), ContainSubstring("try: a Secret that the team has"))))
		})
	})

	// The jobs are real, and get what BuildKit would; what they say they have pushed, the node has.
	Context("with a builder", Ordered, func() {
		build := func(command string) {
			GinkgoHelper()
			manifest := part("builder.yaml", "--set", "builder.enabled=true,builder.image="+debian)
			Expect(manifest).To(ContainSubstring("buildctl-daemonless.sh build"))
			objects := strings.Join(slices.DeleteFunc(strings.Split(strings.Replace(manifest, "buildctl-daemonless.sh build", command, 1), "\n---\n"),
				func(object string) bool { return strings.Contains(object, "kind: Deployment") }), "\n---\n")
			apply(objects)
			DeferCleanup(func() {
				_, err := run(nil, objects, "kubectl", "delete", "--ignore-not-found", "--timeout=2m", "-f", "-")
				Expect(err).NotTo(HaveOccurred())
			})
		}

		BeforeAll(func() {
			_, err := launch("try", "--no-packages")
			Expect(err).NotTo(HaveOccurred())
			apply(part("images.yaml", "--set", "builder.enabled=true"))
			DeferCleanup(func() { apply(part("images.yaml")) })
			Eventually(tryKubectl).WithArguments("set", "image", "statefulset/try", "-n", namespace, "environment=registry.example.com/dev/environment:any", "--dry-run=server").
				WithTimeout(time.Minute).Should(ContainSubstring("image updated"))
			_, digest, _ := strings.Cut(jq, "@")
			build(`grep -c ^FROM /context/image/Dockerfile; echo '{"containerimage.digest": "` + digest + `"}' >/context/built.json; true`)
			kubectl("patch", "configmap", "environments", "-n", "platform", "-p", `{"data": {"builder": "true"}}`)
			DeferCleanup(kubectl, "patch", "configmap", "environments", "-n", "platform", "-p", `{"data": {"builder": "false"}}`)
			before := os.Getenv("KUBECONFIG")
			GinkgoT().Setenv("KUBECONFIG", as("system:serviceaccount:platform:builder", "system:serviceaccounts"))
			start("devenv", "builder")
			GinkgoT().Setenv("KUBECONFIG", before)
		})
		AfterAll(func() { devEnv("delete", "try", "--team", "launch", "--with-home") })

		It("builds what nobody has built, and starts with it", func() {
			_, err := launch("built", "--package", "jq", "--package", "bc")
			Expect(err).NotTo(HaveOccurred())
			_, digest, _ := strings.Cut(jq, "@")
			Expect(kubectl("get", "pod", "built-0", "-n", namespace, "-o", "jsonpath={.spec.containers[0].image}")).
				To(MatchRegexp(`^registry\.example\.com/dev/environment:debian-13-\w+-\d{4}w\d\d@` + digest + `$`))
			devEnv("delete", "built", "--team", "launch", "--with-home")
		})

		It("says why it could not be built", func() {
			build("echo no such package in this Debian: nonsense >&2; false")
			_, err := launch("unbuilt", "--package", "nonsense")
			Expect(err).To(MatchError(ContainSubstring("the image could not be built: no such package in this Debian: nonsense")))
			devEnv("delete", "unbuilt", "--team", "launch", "--with-home")
		})
	})

	It("asks for a team that one may use", func() {
		logIn("dev-x", "other")
		_, err := launch("try")
		Expect(err).To(MatchError(ContainSubstring("you may not run environments in team launch")))
		person = filepath.Join(GinkgoT().TempDir(), "none")
		_, err = launch("try")
		Expect(err).To(MatchError(ContainSubstring("no cluster: ")))
	})
})
