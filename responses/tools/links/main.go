// Command links checks the links between Markdown pages: that each relative target exists, and that
// a target's #fragment is a heading of that page. Addresses on the web are counted, not fetched.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	// [text](target), and a line "[name]: target".
	link     = regexp.MustCompile(`(?m)(?:\]\(|^\[[^\]]+\]:\s+)([^()\s]+)`)
	heading  = regexp.MustCompile(`(?m)^#{1,6}\s+(.+?)\s*$`)
	fenced   = regexp.MustCompile("(?ms)^```.*?^```")
	codeSpan = regexp.MustCompile("`[^`\n]+`")
	notSlug  = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: links DIR...")
		os.Exit(2)
	}
	var c checker
	for _, root := range os.Args[1:] {
		if err := filepath.WalkDir(root, c.visit); err != nil {
			fmt.Fprintln(os.Stderr, "links:", err)
			os.Exit(1)
		}
	}
	for _, broken := range c.broken {
		fmt.Println("broken link:", broken)
	}
	if len(c.broken) > 0 || c.pages == 0 {
		os.Exit(1)
	}
	fmt.Printf("ok: %d links between %d pages\n", c.local, c.pages)
	fmt.Printf("offline: NOT checked: %d web addresses because nothing is fetched\n", c.web)
}

type checker struct {
	pages, local, web int
	broken            []string
}

func (c *checker) visit(path string, entry fs.DirEntry, err error) error {
	if err != nil || entry.IsDir() || filepath.Ext(path) != ".md" {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	c.pages++
	prose := codeSpan.ReplaceAll(fenced.ReplaceAll(text, nil), nil)
	for _, match := range link.FindAllSubmatch(prose, -1) {
		c.check(path, string(match[1]))
	}
	return nil
}

func (c *checker) check(page, target string) {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		c.web++
		return
	}
	c.local++
	file, fragment, _ := strings.Cut(target, "#")
	full := page
	if file != "" {
		full = filepath.Join(filepath.Dir(page), file)
	}
	text, err := os.ReadFile(full)
	info, statErr := os.Stat(full)
	switch {
	case statErr != nil:
		c.broken = append(c.broken, fmt.Sprintf("%s: %s does not exist", page, target))
	case fragment != "" && !info.IsDir() && (err != nil || !slugs(text)[fragment]):
		c.broken = append(c.broken, fmt.Sprintf("%s: %s has no such heading", page, target))
	}
}

// slugs returns the anchors that GitHub makes of a page's headings.
func slugs(page []byte) map[string]bool {
	out := map[string]bool{}
	for _, match := range heading.FindAllSubmatch(fenced.ReplaceAll(page, nil), -1) {
		text := strings.ToLower(string(match[1]))
		slug := strings.ReplaceAll(notSlug.ReplaceAllString(text, ""), " ", "-")
		for n, base := 1, slug; out[slug]; n++ {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		out[slug] = true
	}
	return out
}
