package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// Everything together, as a person sees it. The report of the suite shows what was typed and what came back.
var _ = Describe("a user's day", Ordered, func() {
	const name = "study.day.dev.example.com"
	var transcript strings.Builder
	var records []string // the environment variables that lead to PostgreSQL
	var metrics string
	var mails *mailbox

	// typed is a line in a terminal of dev-a, whose answer has to match. The transcript has the minutes and seconds before it.
	var began time.Time
	typed := func(line string, answer OmegaMatcher) {
		GinkgoHelper()
		if began.IsZero() {
			began = time.Now()
		}
		at := time.Since(began).Round(time.Second)
		env := append([]string{"KUBECONFIG=" + person, "PGUSER=postgres", "PROMETHEUS=" + metrics}, records...)
		out, err := run(env, "", "bash", "-c", "exec 2>&1; cd; "+line)
		fmt.Fprintf(&transcript, "%02d:%02d $ %s\n%s\n", int(at.Minutes()), int(at.Seconds())%60, line, out)
		Expect(err).NotTo(HaveOccurred(), out)
		Expect(out).To(answer)
	}
	// mailed waits for a mail to dev-a.
	mailed := func(subject string) {
		GinkgoHelper()
		Eventually(mails.all).WithTimeout(3 * time.Minute).WithPolling(time.Second).Should(ContainElement(HaveField("Subject", subject)))
		for _, mail := range mails.all() {
			if mail.Subject == subject {
				Expect(mail.To).To(Equal("dev-a@example.com"))
				fmt.Fprintf(&transcript, "\n(mail to %s: %s)\n  %s\n\n", mail.To, mail.Subject, strings.ReplaceAll(strings.TrimSpace(mail.Text), "\n", "\n  "))
			}
		}
	}
	resolves := func(answer OmegaMatcher) {
		GinkgoHelper()
		Eventually(func() string { return must("dig", "+short", name) }).WithTimeout(time.Minute).WithPolling(time.Second).Should(answer)
	}

	BeforeAll(func(ctx SpecContext) {
		DeferCleanup(func() { AddReportEntry("a user's day", transcript.String(), ReportEntryVisibilityAlways) })
		homes(1)
		team("day", "general")
		mails = startMailbox()
		metrics = prometheus(ctx, startAlertmanager(ctx, mails, sleepWebhook()))
		startNameServer(GinkgoT().TempDir())
		startExternalDNS()
		records = postgres(ctx)
		_, err := run(append(records, "PGUSER=postgres"), "", "psql", "--quiet", "--file", root+"/records/schema.sql")
		Expect(err).NotTo(HaveOccurred())

		logIn("dev-a", "day")
		Expect(os.Mkdir("/root/.ssh", 0o700)).To(Succeed())
		DeferCleanup(os.RemoveAll, "/root/.ssh")
	})

	It("begins with a kubeconfig and a key for the directory", func() {
		typed("kubectl auth whoami", MatchRegexp(`Username +dev-a\s+Groups +\[team-day `))
		typed("ssh-keygen -q -t ed25519 -N '' -C '' -f ~/.ssh/id_ed25519; ls ~/.ssh", ContainSubstring("id_ed25519.pub"))
		// In place of the directory and External Secrets.
		kubectl("create", "secret", "generic", "ssh-keys", "-n", "team-day", "--from-file=dev-a=/root/.ssh/id_ed25519.pub")
		typed("devenv launch study --team day --cpu 3 || true", ContainSubstring("not offered: cpu: '3' is none of: 1 2 4 8 16 32"))
	})

	It("goes on with a launch", func() {
		typed("devenv launch study --team day --packages ripgrep --cpu 1 --memory 2Gi", ContainSubstring(name+" is ready"))
		typed("devenv ssh-config | tee ~/.ssh/config", ContainSubstring("Port 2222"))
		resolves(Not(BeEmpty()))
	})

	It("goes on in the environment", func() {
		typed("ssh -o StrictHostKeyChecking=accept-new "+name+" 'id -un; hostname; jq --null-input 6*7; packages'", HaveSuffix("dev\nstudy-0\n42\nof conda-forge: ripgrep"))
		shown := regexp.MustCompile(`host key fingerprint: (SHA256:\S+)`).FindStringSubmatch(transcript.String())
		Expect(shown).To(HaveLen(2))
		typed("ssh-keygen -l -f ~/.ssh/known_hosts", ContainSubstring(shown[1]))
		typed("echo 'a day of work' >notes; sftp -b - "+name+" <<<'put notes'", ContainSubstring("put notes"))
		typed("ssh "+name+" cat notes", Equal("a day of work"))
	})

	It("ends, and nobody comes back for a while", func() {
		mailed("study has been idle for 4 hours")
		mailed("study has been idle for a day and is asleep now")
		resolves(BeEmpty())
		typed("devenv list --team day", MatchRegexp(`study +dev-a +general .* asleep .* idle`))
	})

	It("begins again where it ended", func() {
		typed("devenv wake study --team day", ContainSubstring(name+" is ready"))
		resolves(Not(BeEmpty()))
		typed("ssh "+name+" cat notes", Equal("a day of work"))
	})

	It("is on record", func(ctx SpecContext) {
		typed("record -prometheus $PROMETHEUS -day $(date --utc +%F) -unfinished -step 10s", ContainSubstring("1 rows new or changed"))
		typed(`psql -c "SELECT environment, owner, node_group, image_base, round(60 * running_hours) AS minutes,
    round(60 * core_hours_requested) AS core_minutes, round(60 * core_hours_used, 2) AS used, round(60 * ssh_hours) AS ssh
  FROM environment_days"`, MatchRegexp(`study +\| dev-a +\| general +\| debian-13 +\| +[1-9]`))
		typed("psql --file /dev-environments/records/queries.sql -v month=$(date --utc +%Y-%m-01) -v core=0.03 -v gib=0.004 -v gpu=2.50",
			And(MatchRegexp(`day +\| +1 \|`), MatchRegexp(`dev-a +\| day`)))
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
