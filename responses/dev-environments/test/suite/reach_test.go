package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("reaching an environment", Ordered, func() {
	const name = "try.reach.dev.example.com"
	var namespace, launched, directory string

	// ssh and sftp of a user with the lines of `devenv ssh-config`, and with host keys that were seen before, only.
	ssh := func(host string, command ...string) (string, error) {
		GinkgoHelper()
		return run(nil, "", "ssh", append([]string{"-F", filepath.Join(directory, "config"), host}, command...)...)
	}
	sftp := func(host, commands string) (string, error) {
		GinkgoHelper()
		return run(nil, commands, "sftp", "-F", filepath.Join(directory, "config"), "-b", "-", host)
	}
	address := func() string {
		GinkgoHelper()
		return kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.status.podIP}")
	}
	// hasRecord waits until the name has the address, or none.
	hasRecord := func(address string) {
		GinkgoHelper()
		Eventually(func() string {
			return must("dig", "+short", "@10.99.0.1", name, "A")
		}).Should(Equal(address))
	}

	BeforeAll(func() {
		homes(1)
		namespace = team("reach", "general")
		logIn("dev-a", "reach")
		directory = GinkgoT().TempDir()

		key := filepath.Join(directory, "key")
		newKey(key)
		kubectl("create", "secret", "generic", "ssh-keys", "-n", namespace, "--from-file=dev-a="+key+".pub")
		config := devEnv("ssh-config") + fmt.Sprintf(`
  IdentityFile %s
  IdentitiesOnly yes
  UserKnownHostsFile %s
  StrictHostKeyChecking yes
  PreferredAuthentications publickey,password
  BatchMode yes
`, key, filepath.Join(directory, "known_hosts"))
		config = strings.Replace(config, "Host *.dev.example.com", "Host *.dev.example.com 10.*", 1)
		Expect(os.WriteFile(filepath.Join(directory, "config"), []byte(config), 0o600)).To(Succeed())

		startNameServer(directory)
		startExternalDNS()
		launched = devEnv("launch", "try", "--team", "reach", "--cpu", "1", "--memory", "2Gi")
	})

	It("shows at the launch the host key that the server has", func() {
		known := must("ssh-keyscan", "-p", "2222", "-t", "ed25519", address())
		fingerprint := regexp.MustCompile(`SHA256:\S+`).FindString(launched)
		Expect(fingerprint).NotTo(BeEmpty())
		Expect(launched).NotTo(ContainSubstring("no ssh key"))
		shown, err := run(nil, known, "ssh-keygen", "-l", "-f", "-")
		Expect(err).NotTo(HaveOccurred())
		Expect(shown).To(ContainSubstring(fingerprint))

		hosts := known + "\n" + strings.ReplaceAll(known, address(), name) + "\n"
		Expect(os.WriteFile(filepath.Join(directory, "known_hosts"), []byte(hosts), 0o600)).To(Succeed())
	})

	It("gets a name, and answers ssh and sftp there", func() {
		hasRecord(address())
		_, err := ssh(name, "true")
		Expect(err).NotTo(HaveOccurred())

		file := filepath.Join(directory, "file")
		Expect(os.WriteFile(file, []byte("from home\n"), 0o600)).To(Succeed())
		_, err = sftp(name, "put "+file+" file")
		Expect(err).NotTo(HaveOccurred())
	})

	It("gives a session a terminal and the image's environment", func() {
		out, err := ssh(name, "-tt", "tty; bash -lc 'echo $LANG $PATH'")
		Expect(err).NotTo(HaveOccurred())
		Expect(out).To(MatchRegexp(`^/dev/pts/\d+\s+C.UTF-8 /home/dev/.packages/bin:/usr/local/sbin:/usr/local/bin:`))
	})

	It("lets nobody in without the owner's key, and nobody as root", func() {
		other := filepath.Join(directory, "other")
		newKey(other)
		_, err := run(nil, "", "ssh", "-F", "none", "-p", "2222", "-i", other, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
			"-o", "UserKnownHostsFile="+filepath.Join(directory, "known_hosts"), "dev@"+name, "true")
		Expect(err).To(MatchError(ContainSubstring("Permission denied (publickey)")))
		_, err = ssh("root@"+name, "true")
		Expect(err).To(MatchError(ContainSubstring("Permission denied (publickey)")))
	})

	It("has the file, the host key and the name also after its pod was deleted", func() {
		before := address()
		kubectl("delete", "pod", "try-0", "-n", namespace)
		kubectl("wait", "pod/try-0", "-n", namespace, "--for=create", "--timeout=3m")
		kubectl("wait", "pod/try-0", "-n", namespace, "--for=condition=Ready", "--timeout=3m")
		Expect(address()).NotTo(Equal(before))
		hasRecord(address())

		// StrictHostKeyChecking: another key would be refused.
		_, err := sftp(name, "get file "+filepath.Join(directory, "back"))
		Expect(err).NotTo(HaveOccurred())
		Expect(os.ReadFile(filepath.Join(directory, "back"))).To(BeEquivalentTo("from home\n"))
	})

	It("is reached over the gateway, which forwards there and does nothing else", func() {
		hostKey := filepath.Join(directory, "ssh_host_ed25519_key")
		newKey(hostKey)
		kubectl("create", "secret", "generic", "gateway-host-key", "-n", "platform", "--from-file="+hostKey)
		DeferCleanup(kubectl, "delete", "secret", "gateway-host-key", "-n", "platform")
		manifest := part("gateway.yaml", "--set", "gateway.enabled=true,gateway.replicas=1",
			"--set", "gateway.serviceType=ClusterIP", "--set", "gateway.image="+kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.spec.containers[0].image}"))
		apply(manifest)
		DeferCleanup(func() {
			_, err := run(nil, manifest, "kubectl", "delete", "-f", "-")
			Expect(err).NotTo(HaveOccurred())
		})
		kubectl("create", "job", "gateway-keys-now", "-n", "platform", "--from=cronjob/gateway-keys")
		DeferCleanup(kubectl, "delete", "job", "gateway-keys-now", "-n", "platform")
		kubectl("wait", "job/gateway-keys-now", "-n", "platform", "--for=condition=Complete", "--timeout=3m")
		DeferCleanup(kubectl, "delete", "secret", "gateway-keys", "-n", "platform")
		kubectl("rollout", "status", "deployment/gateway", "-n", "platform", "--timeout=3m")
		gateway := kubectl("get", "service", "gateway", "-n", "platform", "-o", "jsonpath={.spec.clusterIP}")
		must("sh", "-c", fmt.Sprintf(`echo "[%s]:2222 $(cat %s.pub)" >>%s/known_hosts`, gateway, hostKey, directory))

		// The gateway resolves the name. The network engine takes up the policies of the new pod in its own time.
		Eventually(ssh).WithArguments("-J", "dev@"+gateway+":2222", name, "hostname").Should(Equal("try-0"))
		_, err := ssh(gateway, "true")
		Expect(err).To(HaveOccurred())
		_, err = ssh("-W", "10.99.0.1:6443", gateway)
		Expect(err).To(MatchError(ContainSubstring("administratively prohibited")))
	})

	It("lets a removed key in no more, without a restart", func() {
		pod := func() string {
			return kubectl("get", "pod", "try-0", "-n", namespace, "-o", "jsonpath={.metadata.uid} {.status.containerStatuses[0].restartCount}")
		}
		before := pod()
		kubectl("patch", "secret", "ssh-keys", "-n", namespace, "--type=json", `-p=[{"op": "remove", "path": "/data/dev-a"}]`)
		// The kubelet looks once a time.Minute, and every five seconds on this machine.
		Eventually(func() error {
			_, err := ssh(name, "true")
			return err
		}).Should(MatchError(ContainSubstring("Permission denied (publickey)")))
		Expect(pod()).To(Equal(before))
	})

	It("loses its name when it is asleep, has it again when it wakes, and not after it is deleted", func() {
		kubectl("scale", "statefulset", "try", "-n", namespace, "--replicas=0")
		hasRecord("")
		devEnv("wake", "try", "--team", "reach")
		hasRecord(address())
		devEnv("delete", "try", "--team", "reach")
		hasRecord("")
		By("leaving nothing else in the zone, and touching nothing that was there")
		Expect(must("dig", "+short", "@10.99.0.1", "TXT", "_owner-a."+name)).To(BeEmpty())
		Expect(must("dig", "+short", "@10.99.0.1", "A", "handmade.dev.example.com")).To(Equal("192.0.2.1"))
	})
})
