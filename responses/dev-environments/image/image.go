// Package image names and builds the images of environments. A tag is a hash of all that somebody has chosen, so equal requests
// share an image; its digest is in the platform's catalogue, and moves every week.
package image

import (
	"context"
	"crypto/sha256"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed Dockerfile entrypoint sshd_config bases requirements
var files embed.FS

var packageName = regexp.MustCompile(`^[a-z0-9][a-z0-9+.-]*[a-z0-9+]$`)

// Image is a base with Debian's packages and a lock of pip's or CRAN's.
type Image struct {
	Base         string
	From         string // the image behind Base
	Packages     []string
	Requirements string // a file in requirements/
	Tag          string
}

// New returns the image of these choices; the packages' order does not matter.
func New(base string, packages []string, requirements string) (Image, error) {
	i := Image{Base: base, From: Bases()[base], Packages: slices.Compact(slices.Sorted(slices.Values(packages))), Requirements: requirements}
	if i.From == "" {
		return i, fmt.Errorf("unknown base image %s", base)
	}
	for _, name := range i.Packages {
		if !packageName.MatchString(name) {
			return i, fmt.Errorf("not a package's name: %s", name)
		}
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%s %s\n", i.From, strings.Join(i.Packages, " "))
	for _, name := range []string{"Dockerfile", "entrypoint", "sshd_config", "requirements/" + requirements} {
		content, err := files.ReadFile(name)
		if err != nil {
			return i, fmt.Errorf("not there: %s", name)
		}
		hash.Write(content)
	}
	i.Tag = fmt.Sprintf("%s-%.6x", base, hash.Sum(nil))
	return i, nil
}

// Weekly is what it is called when it is built on a day: REPOSITORY:TAG-2026w48. What an older digest is of keeps its name, so no
// registry takes it for rubbish.
func (i Image) Weekly(repository string, day time.Time) string {
	year, week := day.UTC().ISOWeek()
	return fmt.Sprintf("%s:%s-%dw%02d", repository, i.Tag, year, week)
}

// Bases is what people choose from: the image behind each name.
func Bases() map[string]string {
	content, _ := files.ReadFile("bases") // embedded
	bases := map[string]string{}
	for line := range strings.Lines(string(content)) {
		line, _, _ = strings.Cut(line, "#")
		if words := strings.Fields(line); len(words) == 2 {
			bases[words[0]] = words[1]
		}
	}
	return bases
}

// Context writes the Dockerfile and what it copies to an empty directory.
func Context(directory string) error {
	if err := os.CopyFS(directory, files); err != nil {
		return err
	}
	return os.Chmod(filepath.Join(directory, "entrypoint"), 0o755)
}

// Build builds it with docker under the name. BASE_IMAGE in the environment replaces the image behind the base, NETWORK the
// network of the build.
func (i Image) Build(ctx context.Context, name string) error {
	directory, err := os.MkdirTemp("", "image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	if err := Context(directory); err != nil {
		return err
	}
	from := i.From
	if other := os.Getenv("BASE_IMAGE"); other != "" {
		from = other
	}
	args := []string{"build", "--tag", name, "--build-arg", "BASE_IMAGE=" + from, "--build-arg", "PACKAGES=" + strings.Join(i.Packages, " "),
		"--build-arg", "REQUIREMENTS=" + i.Requirements}
	if network := os.Getenv("NETWORK"); network != "" {
		args = append(args, "--network", network)
	}
	return docker(ctx, append(args, directory)...)
}

// Push builds it anew and pushes it; it returns its name with the digest.
func (i Image) Push(ctx context.Context, name string) (string, error) {
	if err := i.Build(ctx, name); err != nil {
		return "", err
	}
	if err := docker(ctx, "push", "--quiet", name); err != nil {
		return "", err
	}
	digests, err := exec.CommandContext(ctx, "docker", "image", "inspect", "--format", `{{join .RepoDigests "\n"}}`, name).Output()
	if err != nil {
		return "", err
	}
	repository, _, _ := strings.Cut(name, ":"+i.Tag)
	for line := range strings.Lines(string(digests)) {
		if digest, found := strings.CutPrefix(strings.TrimSpace(line), repository+"@"); found {
			return name + "@" + digest, nil
		}
	}
	return "", fmt.Errorf("docker knows no digest of %s", name)
}

func docker(ctx context.Context, args ...string) error {
	command := exec.CommandContext(ctx, "docker", args...)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("docker %s: %w", args[0], err)
	}
	return nil
}
