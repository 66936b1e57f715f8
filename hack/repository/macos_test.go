package repository_test

import (
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// missing are things that macOS does not have: its bash is 3.2, its tools are those of BSD.
var missing = regexp.MustCompile(`\b(mapfile|readarray|coproc|sha256sum)\b|(declare|local) -[gn]*[An]\b|wait -n|\|&|&>>|\$\{\w+(\^|,|@[A-Z])|\[-1\]` +
	`|xargs (-0 )?-r|(stat|stat -L) -c|sed -i|readlink -f|grep -\w*P|date (-d|--date)|cp -a`)

var _ = Describe("the scripts that a person runs on macOS", func() {
	for _, script := range append(files("hack/*.sh", ":!hack/as-user.sh"), ".ci/run", "cmd/dkr-ls/completions/bash") {
		It("use only what there is: "+script, func() {
			for line := range strings.Lines(content(script)) {
				code, _, _ := strings.Cut(line, "# ")
				Expect(code).NotTo(MatchRegexp(missing.String()))
			}
		})
	}
})
