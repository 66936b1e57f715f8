package suite

import (
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("records", Ordered, func() {
	const row = `SELECT team, owner, node_group, image_base, now() - asked_at < '1 hour',
		round(core_hours_requested / running_hours, 1), round(gib_hours_requested / running_hours, 1),
		core_hours_used > 0, gib_hours_used > 0, gib_peak BETWEEN 0.001 AND 2, gpu_hours_requested, ssh_hours
		FROM environment_days WHERE namespace = 'team-records'`
	var database []string // the environment variables that lead to it
	var address string
	today := time.Now().UTC().Format(time.DateOnly)

	record := func(arguments ...string) (string, error) {
		GinkgoHelper()
		return run(append(database, "PGUSER=record"), "", "record", append([]string{"-prometheus", address, "-day", today, "-step", "10s"}, arguments...)...)
	}
	psql := func(arguments ...string) string {
		GinkgoHelper()
		out, err := run(append(database, "PGUSER=postgres", "PGTZ=UTC"), "", "psql",
			append([]string{"--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1"}, arguments...)...)
		Expect(err).NotTo(HaveOccurred())
		return out
	}

	BeforeAll(func(ctx SpecContext) {
		database = postgres(ctx)
		psql("--file", root+"/records/schema.sql")
		address = prometheus(ctx)
		homes(1)
		namespace := team("records", "general")
		logIn("dev-a", "records")
		kubectl("create", "secret", "generic", "ssh-keys", "-n", namespace, "--from-literal=dev-a=")
		devEnv("launch", "try", "--team", "records", "--base", "debian-13", "--cpu", "1", "--memory", "2Gi")
		kubectl("exec", "try-0", "-n", namespace, "-c", "environment", "--", "sh", "-c", "timeout 600 yes >/dev/null 2>&1 &")
	})

	It("refuse a day that is not over", func() {
		_, err := record()
		Expect(err).To(MatchError(ContainSubstring(today + " is not over; try: -unfinished")))
	})

	It("have a row for the day, with who asked for what and what was used", func(ctx SpecContext) {
		Eventually(func() (string, error) {
			_, err := record("-unfinished")
			return psql("--command", row), err
		}).WithContext(ctx).WithTimeout(2 * time.Minute).WithPolling(5 * time.Second).
			Should(Equal("records|dev-a|general|debian-13|t|1.0|2.0|t|t|t|0.0000|0.0000"))
	})

	It("outlive the environment, and are the same after a second run", func(ctx SpecContext) {
		devEnv("delete", "try", "--team", "records")
		// xmin is the transaction that wrote the row. Polled more slowly than the step: an environment that still ran would have a new one.
		rows := func() string {
			GinkgoHelper()
			_, err := record("-unfinished")
			Expect(err).NotTo(HaveOccurred())
			return psql("--command", "SELECT xmin, * FROM environment_days WHERE namespace = 'team-records'")
		}
		var last string
		Eventually(func() bool {
			before := last
			last = rows()
			return last == before
		}).WithContext(ctx).WithTimeout(7*time.Minute).WithPolling(15*time.Second).Should(BeTrue(), "two runs, one row")
		Expect(psql("--command", row)).To(Equal("records|dev-a|general|debian-13|t|1.0|2.0|t|t|t|0.0000|0.0000"))
	})

	It("answer a manager's questions", func() {
		answers := psql("--file", root+"/records/queries.sql", "-v", "month="+today[:len("2006-01")]+"-01", "-v", "core=0.03", "-v", "gib=0.004", "-v", "gpu=2.50")
		Expect(answers).To(MatchRegexp(`(?m)^records\|1\|`))
		Expect(answers).To(MatchRegexp(`(?m)^dev-a\|records\|`))
	})
})

var _ = Describe("the records' job", func() {
	It("may run where only restricted pods may, and is run by hand for a day", func(ctx SpecContext) {
		kubectl("create", "job", "record-2026-10-05", "--from=cronjob/record", "-n", "platform")
		DeferCleanup(kubectl, "delete", "job", "record-2026-10-05", "-n", "platform")
		Eventually(kubectl).WithContext(ctx).WithArguments("get", "pods", "-n", "platform", "-l", "batch.kubernetes.io/job-name=record-2026-10-05", "-o", "name").
			WithTimeout(30 * time.Second).Should(HavePrefix("pod/record-2026-10-05-"))
	})
})

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
