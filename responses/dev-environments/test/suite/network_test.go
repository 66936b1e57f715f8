package suite

import (
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// listen is a program that answers every TCP connection to these ports.
func listen(ports ...string) []string {
	return append([]string{"perl", "-MIO::Socket::INET", "-MIO::Select", "-e", `
		my $all = IO::Select->new(map { IO::Socket::INET->new(LocalPort => $_, Listen => 5, ReuseAddr => 1) or die "$_: $!" } @ARGV);
		while (1) { close $_->accept for $all->can_read }`}, ports...)
}

// network adds a network beside the cluster's, with one machine in it.
func network(name, router, address string) {
	GinkgoHelper()
	for _, command := range []string{
		"netns add " + name,
		"link add " + name + " type veth peer name eth0 netns " + name,
		"address add " + router + "/24 dev " + name,
		"link set " + name + " up",
		"-n " + name + " address add " + address + "/24 dev eth0",
		"-n " + name + " link set eth0 up",
		"-n " + name + " link set lo up",
		"-n " + name + " route add default via " + router,
	} {
		must("ip", strings.Fields(command)...)
		if strings.HasPrefix(command, "netns") {
			DeferCleanup(must, "ip", "netns", "delete", name)
		}
	}
}

// Real pods, real packets: the machine's network engine enforces what the team's chart says.
var _ = Describe("the network of a team", Ordered, ContinueOnFailure, func() {
	var red, blue string
	const watch = "suite-monitoring"
	var ip func(namespace, pod string) string

	// A source is a command's beginning that runs the rest somewhere.
	type source []string
	in := func(namespace, pod string) source { return source{"kubectl", "exec", "-n", namespace, pod, "--"} }
	at := func(network string) source { return source{"ip", "netns", "exec", network} }
	connect := func(from source, address, port string) func() error {
		return func() error {
			command := append(append([]string{}, from...), "timeout", "3", "bash", "-c", "</dev/tcp/"+address+"/"+port)
			_, err := run(nil, "", command[0], command[1:]...)
			return err
		}
	}
	open := func(from source, address, port string) {
		GinkgoHelper()
		Eventually(connect(from, address, port)).Should(Succeed(), "%v to %s:%s", from, address, port)
	}
	closed := func(from source, address, port string) {
		GinkgoHelper()
		Eventually(connect(from, address, port)).ShouldNot(Succeed(), "%v to %s:%s", from, address, port)
		Consistently(connect(from, address, port)).WithTimeout(2*time.Second).ShouldNot(Succeed(), "%v to %s:%s", from, address, port)
	}

	BeforeAll(func() {
		homes(3)
		red, blue = team("red", "general"), team("blue", "general")
		for _, namespace := range []string{red, blue} {
			set(namespace, "network.monitoringNamespace="+watch)
		}
		launch := func(name, team string) {
			devEnv("launch", name, "--team", team, "--owner", "dev-a", "--cpu", "1", "--memory", "2Gi")
		}
		launch("one", "red")
		launch("two", "red")
		launch("three", "blue")
		ip = func(namespace, pod string) string {
			GinkgoHelper()
			return kubectl("get", "pod", pod, "-n", namespace, "-o", "jsonpath={.status.podIP}")
		}

		// Monitoring, and a stand-in for the cluster's DNS: both answer on two ports.
		kubectl("create", "namespace", watch)
		DeferCleanup(kubectl, "delete", "namespace", watch, "--timeout=3m")
		image := kubectl("get", "pod", "one-0", "-n", red, "-o", "jsonpath={.spec.containers[0].image}")
		for _, namespace := range []string{watch, "kube-system"} {
			var command strings.Builder
			for _, word := range listen("53", "54") {
				fmt.Fprintf(&command, "%q, ", word)
			}
			apply(fmt.Sprintf(`
apiVersion: v1
kind: Pod
metadata: {name: suite-listener, namespace: %s, labels: {k8s-app: kube-dns}}
spec:
  terminationGracePeriodSeconds: 0
  tolerations: [{key: dev.example.com/group, operator: Exists}]
  containers: [{name: listener, image: %q, command: [%s], securityContext: {runAsUser: 0}}]
`, namespace, image, command.String()))
			DeferCleanup(kubectl, "delete", "pod", "suite-listener", "-n", namespace, "--ignore-not-found")
			kubectl("wait", "pod", "suite-listener", "-n", namespace, "--for=condition=Ready", "--timeout=3m")
		}

		// The company's network, and what is outside of it: the internet, and the cloud's metadata service.
		network("office", "10.98.0.1", "10.98.0.2")
		network("outside", "192.0.2.1", "192.0.2.2")
		must("ip", "-n", "outside", "address", "add", "169.254.169.254/32", "dev", "lo")
		must("ip", "route", "add", "169.254.169.254", "via", "192.0.2.2")
		start("ip", append([]string{"netns", "exec", "outside"}, listen("80")...)...)
	})

	It("lets its environments reach each other", func() {
		open(in(red, "one-0"), ip(red, "two-0"), "2222")
		open(in(red, "two-0"), ip(red, "one-0"), "9102")
	})

	It("keeps other teams out", func() {
		for _, port := range []string{"2222", "9102"} {
			closed(in(blue, "three-0"), ip(red, "one-0"), port)
			closed(in(red, "one-0"), ip(blue, "three-0"), port)
		}
	})

	It("lets the company's network in to ssh, and nobody else", func() {
		open(at("office"), ip(red, "one-0"), "2222")
		closed(at("office"), ip(red, "one-0"), "9102")
		closed(at("outside"), ip(red, "one-0"), "2222")
	})

	It("lets monitoring read the metrics, and no more", func() {
		open(in(watch, "suite-listener"), ip(red, "one-0"), "9102")
		closed(in(watch, "suite-listener"), ip(red, "one-0"), "2222")
	})

	It("lets the page to a notebook, and nobody else, not even the team", func() {
		start("kubectl", append([]string{"exec", "-n", red, "one-0", "--"}, listen("8888", "8889")...)...)
		apply(fmt.Sprintf(`
apiVersion: v1
kind: Pod
metadata: {name: suite-page, namespace: platform, labels: {app.kubernetes.io/name: page}}
spec:
  terminationGracePeriodSeconds: 0
  tolerations: [{key: dev.example.com/group, operator: Exists}]
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers: [{name: page, image: %q, command: [sleep, infinity], securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
`, kubectl("get", "pod", "one-0", "-n", red, "-o", "jsonpath={.spec.containers[0].image}")))
		DeferCleanup(kubectl, "delete", "pod", "suite-page", "-n", "platform")
		kubectl("wait", "pod", "suite-page", "-n", "platform", "--for=condition=Ready", "--timeout=1m")
		open(in("platform", "suite-page"), ip(red, "one-0"), "8888")
		closed(in("platform", "suite-page"), ip(red, "one-0"), "8889")
		open(in(red, "two-0"), ip(red, "one-0"), "8889")
		closed(in(red, "two-0"), ip(red, "one-0"), "8888")
		closed(at("office"), ip(red, "one-0"), "8888")
	})

	It("lets an environment to a name server of the node, where the team's values say so", func() {
		must("ip", "-n", "outside", "address", "add", "169.254.20.10/32", "dev", "lo")
		must("ip", "route", "add", "169.254.20.10", "via", "192.0.2.2")
		start("ip", append([]string{"netns", "exec", "outside"}, listen("53", "54")...)...)
		open(in(watch, "suite-listener"), "169.254.20.10", "53")
		closed(in(red, "one-0"), "169.254.20.10", "53")
		set(red, "network.linkLocal[0].cidr=169.254.20.10/32,network.linkLocal[0].protocol=TCP,network.linkLocal[0].port=53")
		open(in(red, "one-0"), "169.254.20.10", "53")
		closed(in(red, "one-0"), "169.254.20.10", "54")
		closed(in(blue, "three-0"), "169.254.20.10", "53")
	})

	It("lets an environment out to the internet and to DNS, not to other pods or the cloud's metadata", func() {
		open(in(red, "one-0"), "192.0.2.2", "80")
		open(in(red, "one-0"), ip("kube-system", "suite-listener"), "53")
		closed(in(red, "one-0"), ip("kube-system", "suite-listener"), "54")

		By("trying what answers others")
		open(in("kube-system", "suite-listener"), ip(watch, "suite-listener"), "54")
		closed(in(red, "one-0"), ip(watch, "suite-listener"), "54")
		open(in("kube-system", "suite-listener"), "169.254.169.254", "80")
		closed(in(red, "one-0"), "169.254.169.254", "80")
	})
})
