package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
)

// The man page and the reference's tables say what the commands say of themselves. These specs fail
// where they no longer do; `make docs` writes them anew.

var update = flag.Bool("update", false, "write the man page and the reference's tables anew")

var _ = Describe("the documentation", func() {
	DescribeTable("is what the commands say of themselves", func(path string, renew func(string) string) {
		old, err := os.ReadFile(path)
		if !os.IsNotExist(err) || !*update {
			Expect(err).NotTo(HaveOccurred())
		}
		renewed := renew(string(old))
		if *update {
			Expect(os.WriteFile(path, []byte(renewed), 0o644)).To(Succeed())
		}
		Expect(renewed == string(old) || *update).To(BeTrue(), "%s is stale: make docs", path)
	},
		Entry("man page", "dkr-ls.1", func(string) string { return manPage() }),
		Entry("reference", "docs/reference.md", renewTables),
	)
})

// allFlags are the flags of a command, or those of all commands if name is empty.
func allFlags(name string) (flags []*pflag.Flag) {
	set := new(rootOptions).flags()
	if name != "" {
		cmd, err := lookup(name)
		Expect(err).NotTo(HaveOccurred())
		set = newFlagSet(name)
		cmd.bind(set)
	}
	set.VisitAll(func(f *pflag.Flag) { flags = append(flags, f) })
	return flags
}

// flagForms are how a flag is written, "--prefix TEXT" and maybe "-q", and what it does.
func flagForms(f *pflag.Flag) (forms []string, does string) {
	value, does := pflag.UnquoteUsage(f)
	form := "--" + f.Name
	if value != "" {
		form += " " + strings.ToUpper(value)
		does = strings.ReplaceAll(f.Usage, "`"+value+"`", strings.ToUpper(value))
	}
	forms = append(forms, form)
	if f.Shorthand != "" {
		forms = append(forms, "-"+f.Shorthand)
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
		does += " (default " + f.DefValue + ")"
	}
	return forms, does
}

var tableMark = regexp.MustCompile(`(?s)(<!-- flags of (\S*) *-->\n).*?(<!-- end -->)`)

var fieldsMark = regexp.MustCompile(`(?s)(<!-- fields -->\n).*?(<!-- end of fields -->)`)

// renewTables puts each table of flags, and the fields of templates, between their marks.
func renewTables(page string) string {
	fields := func(command string, names []string) string {
		return fmt.Sprintf("| `%s` | `{{.%s}}` |\n", command, strings.Join(names, "}}` `{{."))
	}
	page = fieldsMark.ReplaceAllString(page, "${1}| of | fields |\n|---|---|\n"+fields("tags", names(lister.TagColumns()))+fields("repos", names(lister.RepositoryColumns()))+"${2}")
	return tableMark.ReplaceAllStringFunc(page, func(section string) string {
		m := tableMark.FindStringSubmatch(section)
		name := strings.TrimPrefix(m[2], "all")
		var table strings.Builder
		table.WriteString("| flag | |\n|---|---|\n")
		for _, f := range allFlags(name) {
			forms, does := flagForms(f)
			fmt.Fprintf(&table, "| `%s` | %s |\n", strings.Join(forms, "`, `"), strings.ReplaceAll(does, "|", `\|`))
		}
		return m[1] + table.String() + m[3]
	})
}

// manPage is dkr-ls(1).
func manPage() string {
	var page strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&page, format+"\n", args...) }
	options := func(name string) {
		for _, f := range allFlags(name) {
			forms, does := flagForms(f)
			p(".TP\n\\fB%s\\fR\n%s", roff(strings.Join(forms, ", ")), roff(does))
		}
	}
	p(".\\\" Written by make docs from what the commands say of themselves.")
	p(".TH DKR-LS 1\n.SH NAME\ndkr-ls \\- list the images of a Docker engine\n.SH SYNOPSIS")
	p(".B dkr-ls\n[\\fIflags\\fR] \\fIcommand\\fR [\\fIflags\\fR]\n.SH COMMANDS")
	for _, c := range commands() {
		p(".SS \"dkr-ls %s\"\n%s", roff(strings.TrimSpace(c.name+" "+c.args)), roff(c.about))
		options(c.name)
		if c.examples != "" {
			p(".PP\nExamples:\n.PP\n.nf\n%s.fi", roff(c.examples))
		}
	}
	p(".SH FLAGS OF ALL COMMANDS\nThey are accepted before the command and after it.")
	options("")
	p(`.SH ENVIRONMENT
.TP
\fBDOCKER_HOST\fR, \fBDOCKER_CONTEXT\fR
The engine to ask, if no flag names one; DOCKER_HOST wins.
.TP
\fBDOCKER_CONFIG\fR
The folder of docker's config file and contexts, instead of ~/.docker.
.TP
\fBDOCKER_TLS_VERIFY\fR, \fBDOCKER_CERT_PATH\fR, \fBDOCKER_API_VERSION\fR, \fBDOCKER_CUSTOM_HEADERS\fR, \fBHTTP_PROXY\fR, \fBHTTPS_PROXY\fR, \fBNO_PROXY\fR
As for docker.
.SH EXIT STATUS
.TP
\fB0\fR
Listed, even if there are no rows, or help or the version was asked for.
.TP
\fB1\fR
Failed: stderr says what failed, where, and what to try.
.TP
\fB2\fR
Wrong use: stderr says what is wrong, and the right use.
.TP
\fB130\fR, \fB143\fR
Interrupted by SIGINT, SIGTERM.
.SH SEE ALSO
.BR docker\-images (1)`)
	return page.String()
}

// roff is text without instructions to a formatter of man pages.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`).Replace(text)
	return strings.ReplaceAll(text, "\n.", "\n\\&.")
}

func names(columns []lister.Column) []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.Name)
	}
	return all
}
