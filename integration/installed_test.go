package integration_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	. "github.com/onsi/ginkgo/v2"
)

// installTimeout bounds an installation of packages, another one that goes on before it included.
const installTimeout = 5 * time.Minute

// installed returns the path of a program, which Debian's packages hold. Where it is missing,
// hack/apt.sh installs them; where that cannot be, the spec is skipped, or fails in CI, which is
// to run all of them.
func installed(ctx context.Context, program string, packages ...string) string {
	GinkgoHelper()
	if path, found := find(program); found {
		return path
	}
	ctx, cancel := context.WithTimeout(ctx, installTimeout)
	defer cancel()
	// One installation at a time, without a terminal, on which sudo could stop to ask for a password.
	command := exec.CommandContext(ctx, "setsid", append([]string{"--wait", "flock", "../hack/apt.sh", "../hack/apt.sh"}, packages...)...)
	output, err := command.CombinedOutput()
	if path, found := find(program); err == nil && found {
		return path
	}
	unavailable(fmt.Sprintf("%s is missing, and hack/apt.sh %v could not install it: %v\n%s", program, packages, err, output))
	return ""
}

// find looks where daemons are, too, which the PATH of plain users leaves out.
func find(program string) (path string, found bool) {
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// unavailable ends a spec that this machine cannot run: in CI, that is a failure.
func unavailable(reason string) {
	GinkgoHelper()
	if os.Getenv("CI") == "true" {
		Fail(reason)
	}
	Skip(reason)
}
