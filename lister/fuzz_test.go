package lister_test

import (
	"context"
	"math/big"
	"strings"
	"testing"

	"github.com/distribution/reference"

	"github.com/dkr-ls/dkr-ls/lister"
)

// FuzzParseSize holds sizes against their exact values: a limit is never rounded.
func FuzzParseSize(f *testing.F) {
	for _, text := range []string{"0", "123", "100MB", "1.5GB", ".5kB", "100 mb", "1GiB", "9223372036854775807", "9.3EB", "-1", "1e3", "NaN", "", "0x1p4", "1_000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := lister.ParseSize(text)
		if err != nil {
			return
		}
		if got < 0 {
			t.Fatalf("%q is %d", text, got)
		}
		number := strings.TrimRight(strings.ToLower(text), "kmgtpeib ")
		unit := strings.TrimSpace(strings.ToLower(text)[len(number):])
		factor := big.NewRat(1, 1)
		if letter := strings.IndexByte("kmgtpe", (unit + " ")[0]); letter >= 0 {
			base := int64(1000)
			if strings.Contains(unit, "i") {
				base = 1024
			}
			for range letter + 1 {
				factor.Mul(factor, big.NewRat(base, 1))
			}
		}
		exact, ok := new(big.Rat).SetString(number)
		if !ok {
			t.Fatalf("%q was taken for %d", text, got)
		}
		exact.Mul(exact, factor)
		low, high := new(big.Rat).SetInt64(got), new(big.Rat).Add(new(big.Rat).SetInt64(got), big.NewRat(1, 1))
		if exact.Cmp(low) < 0 || exact.Cmp(high) >= 0 {
			t.Fatalf("%q is %s and not %d", text, exact.FloatString(3), got)
		}
	})
}

// FuzzReference holds our splitting of names, and the references of rows, to the reference package, which
// knows docker's grammar: every name that docker accepts has a reference, and docker reads it as that name.
func FuzzReference(f *testing.F) {
	hex := strings.Repeat("a", 64)
	for _, name := range []string{
		"nginx:latest", "nginx", "a/b/c/d/e:v1.2.3_4-5", "a__b.c--d:1", "app:_nightly", "app:__",
		"library/nginx", "docker.io/nginx:1", "docker.io/library/nginx:1", "docker.io/library/a/b:1", "index.docker.io/library/nginx:1",
		"index.docker.io/grafana/loki:1", "registry-1.docker.io/library/nginx:1", "docker.io:443/library/nginx:1", "quay.io/library/nginx:1",
		"localhost/library/x:y", "localhost:5000/a", "localhost:5000/library/a:1", "[::1]:5000/a:1", "[2001:db8::1]/a/b:1", "Foo/bar:1",
		"a@sha256:aa", "sha256:" + hex, "nginx:1@sha256:" + hex, "a/b@sha512:" + hex + hex, "a@x+y.z:" + hex,
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		parsed, err := reference.ParseNormalizedNamed(name)
		if err != nil {
			return
		}
		image, tag := lister.Image{ID: id('1')}, lister.None
		tagged, isTagged := parsed.(reference.Tagged)
		digested, isDigested := parsed.(reference.Digested)
		switch {
		case isTagged:
			image.RepoTags, tag = []string{name}, tagged.Tag()
		case isDigested:
			image.RepoDigests = []string{name}
		default:
			image.RepoTags = []string{name}
		}
		tags, err := lister.Lister{Engine: images{image}, Fields: lister.Digests}.Tags(context.Background(), lister.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		familiar := reference.FamiliarName(parsed)
		if short, err := reference.ParseNormalizedNamed(familiar); err != nil || short.Name() != parsed.Name() {
			familiar = parsed.Name() // docker would take its first folder for a registry
		}
		if len(tags) != 1 || tags[0].Repository != familiar || tags[0].Tag != tag {
			t.Fatalf("%q is %q and not %s %s", name, names(tags), familiar, tag)
		}
		if !isTagged && !isDigested {
			return
		}
		ref, err := tags[0].Reference()
		if err != nil {
			t.Fatal(err)
		}
		again, err := reference.ParseNormalizedNamed(ref)
		if err != nil {
			t.Fatalf("docker refuses %q, the reference of %q: %v", ref, name, err)
		}
		if again.Name() != parsed.Name() {
			t.Fatalf("docker takes %q for %s and not for %s", ref, again, parsed)
		}
		if tagged, ok := again.(reference.Tagged); isTagged && (!ok || tagged.Tag() != tag) {
			t.Fatalf("%q has not the tag %s", ref, tag)
		}
		if other, ok := again.(reference.Digested); !isTagged && (!ok || other.Digest() != digested.Digest()) {
			t.Fatalf("%q has not the digest %s", ref, digested.Digest())
		}
	})
}
