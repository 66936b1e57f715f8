package suite

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// sleepWebhook is the sleeper's address inside the cluster.
func sleepWebhook() string {
	GinkgoHelper()
	DeferCleanup(kubectl, "logs", "-n", "platform", "-l", "app.kubernetes.io/name=sleep", "--prefix", "--tail=-1")
	kubectl("rollout", "status", "deployment/sleep", "-n", "platform", "--timeout=90s")
	return "http://" + kubectl("get", "service", "sleep", "-n", "platform", "-o", "jsonpath={.spec.clusterIP}") + ":8080"
}

// startAlertmanager starts it with the answer's routes, in shortened times, and returns HOST:PORT. There are no names of services on
// this machine, and no mail server but the suite's.
func startAlertmanager(ctx SpecContext, mails *mailbox, webhook string) string {
	GinkgoHelper()
	config := temporary("alertmanager.yaml", edited("monitoring/alertmanager.yaml",
		"smtp.example.com:587", mails.address+"\n  smtp_require_tls: false",
		"  smtp_auth_username: environments@example.com\n  smtp_auth_password_file: /etc/alertmanager/secrets/smtp/password\n", "",
		"http://sleep.platform.svc:8080", webhook,
		"/etc/alertmanager/secrets/sleep-token/token", temporary("token", token),
		"group_wait: 1m", "group_wait: 1s",
		"group_wait: 10s", "group_wait: 1s",
		"group_interval: 5m", "group_interval: 2s",
	))
	address := fmt.Sprintf("127.0.0.1:%d", freePort())
	program, err := exec.LookPath("prometheus-alertmanager")
	Expect(err).NotTo(HaveOccurred())
	start(program, "--config.file", config, "--storage.path", GinkgoT().TempDir(), "--cluster.listen-address=", "--web.listen-address", address)
	answers(ctx, "http://"+address+"/-/ready")
	return address
}

// postgres starts a server, reached by a Unix socket only, and returns the environment variables that lead to it.
func postgres(ctx SpecContext) []string {
	GinkgoHelper()
	programs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	Expect(err).NotTo(HaveOccurred())
	Expect(programs).NotTo(BeEmpty(), "PostgreSQL is not installed")
	// Not below GinkgoT().TempDir(), which only root may enter: PostgreSQL refuses to be root.
	directory, err := os.MkdirTemp("", "postgres-")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(os.RemoveAll, directory)
	must("chown", "postgres", directory)
	user := []string{"--reuid=postgres", "--regid=postgres", "--clear-groups"}
	must("setpriv", append(user, programs[0]+"/initdb", "--pgdata", directory+"/data", "--auth", "trust", "--encoding", "UTF8", "--no-sync")...)
	start("setpriv", append(user, programs[0]+"/postgres", "-D", directory+"/data", "-c", "listen_addresses=",
		"-c", "unix_socket_directories="+directory, "-c", "fsync=off")...)
	Eventually(func() error {
		_, err := run(nil, "", programs[0]+"/pg_isready", "--host", directory)
		return err
	}).WithContext(ctx).WithTimeout(30 * time.Second).Should(Succeed())
	return []string{"PGHOST=" + directory, "PGDATABASE=postgres"}
}
