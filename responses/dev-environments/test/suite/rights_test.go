package suite

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = It("lets people work in their own team, and change nothing that limits it", func() {
	homesAnywhere(2)
	nodes("general", 1)
	web, research := teamOnNodes("web", "general"), teamOnNodes("research", "general")
	logIn("dev-a", "web")
	asPerson := func(args ...string) (string, error) {
		return run([]string{"KUBECONFIG=" + person}, "", "kubectl", args...)
	}

	By("launch, pin, unpin, wake, list")
	devEnv("launch", "shop", "--team", "web")
	devEnv("pin", "shop", "--team", "web")
	devEnv("unpin", "shop", "--team", "web")
	kubectl("scale", "statefulset", "shop", "-n", web, "--replicas=0")
	kubectl("wait", "pod", "shop-0", "-n", web, "--for=delete", "--timeout=1m")
	devEnv("wake", "shop", "--team", "web")
	Expect(devEnv("list", "--team", "web")).To(ContainSubstring("shop"))

	By("a colleague's, and their running pod")
	mine := person
	person = as("dev-b", "team-web")
	for _, action := range []string{"delete", "pin", "extend"} {
		_, err := tryDevEnv(action, "shop", "--team", "web")
		Expect(err).To(MatchError(ContainSubstring("shop belongs to dev-a; try: ask them, or an admin of the team")), action)
	}
	_, err := asPerson("delete", "pod", "shop-0", "-n", web)
	Expect(err).To(MatchError(ContainSubstring("shop-0 belongs to dev-a")))
	person = mine

	By("another team")
	_, err = tryDevEnv("launch", "shop", "--team", "research")
	Expect(err).To(MatchError(ContainSubstring("you may not run environments in team research")))
	_, err = asPerson("get", "pods", "-n", research)
	Expect(err).To(MatchError(ContainSubstring("forbidden")))

	By("the limits")
	for _, forbidden := range [][]string{
		{"patch", "resourcequota", "awake", "-n", web, "-p", `{"spec": {"hard": {"requests.cpu": "9000"}}}`},
		{"delete", "limitrange", "team", "-n", web},
		{"delete", "networkpolicy", "closed", "-n", web},
		{"delete", "poddisruptionbudget", "environments", "-n", web},
		{"annotate", "namespace", web, "dev.example.com/groups=general,gpu", "--overwrite"},
		{"label", "namespace", web, "dev.example.com/team-"},
		{"get", "secrets", "-n", web},
		{"create", "secret", "generic", "ssh-keys", "-n", web, "--from-literal=dev-b=key"},
		{"create", "deployment", "miner", "-n", web, "--image=miner"},
		{"delete", "validatingadmissionpolicy", "environment-placement"},
	} {
		_, err := asPerson(forbidden...)
		Expect(err).To(MatchError(ContainSubstring("forbidden")), strings.Join(forbidden, " "))
	}
	for _, action := range [][]string{{"create", "pods"}, {"create", "pods/binding"}, {"create", "pods/eviction"}, {"create", "bindings"}, {"create", "rolebindings"}} {
		out, _ := asPerson("auth", "can-i", action[0], action[1], "-n", web)
		Expect(out).To(Equal("no"), strings.Join(action, " "))
	}
	devEnv("delete", "shop", "--team", "web")

	By("a team's chart being removed, which leaves the homes")
	must("helm", "uninstall", web, "--namespace", "default", "--wait")
	Expect(kubectl("get", "persistentvolumeclaims", "-n", web, "-o", "name")).To(Equal("persistentvolumeclaim/home-shop"))
})
