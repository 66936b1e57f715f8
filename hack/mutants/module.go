//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// activePackage is the package by which a program knows which mutant it is.
const activePackage = "github.com/dkr-ls/dkr-ls/hack/mutants/active"

// A goPackage is what the go command tells of one.
type goPackage struct {
	Dir, ImportPath, Export            string
	GoFiles, TestGoFiles, XTestGoFiles []string
	DepOnly                            bool
}

// goPackages are those that match patterns, and what they import.
func goPackages(ctx context.Context, patterns []string) ([]goPackage, error) {
	list := exec.CommandContext(ctx, "go", append([]string{"list", "-json", "-export", "-deps"}, patterns...)...)
	list.Stderr = os.Stderr
	output, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var found []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
}

// A mutated package is one whose files have mutants, from the number first until before end.
type mutated struct {
	goPackage

	folder, copied string // of the package, in the module and in its copy
	first, end     int
}

// mutateModule makes a copy of the module with the mutants of the packages, and returns their names by
// number.
func mutateModule(ctx context.Context, folder string, patterns []string) ([]mutated, []string, error) {
	if err := copyModule(ctx, folder); err != nil {
		return nil, nil, fmt.Errorf("copying the module: %w", err)
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, nil, err
	}
	all, err := goPackages(ctx, patterns)
	if err != nil {
		return nil, nil, err
	}
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })

	names := []string{"none"}
	var found []mutated
	for _, p := range all {
		if p.DepOnly {
			continue
		}
		m := mutated{goPackage: p, first: len(names)}
		if m.folder, err = filepath.Rel(here, p.Dir); err != nil {
			return nil, nil, err
		}
		m.copied = filepath.Join(folder, m.folder)
		if names, err = m.mutate(fset, imports, names); err != nil {
			return nil, nil, err
		}
		m.end = len(names)
		found = append(found, m)
	}
	return found, names, nil
}

// copyModule copies what git knows or would add.
func copyModule(ctx context.Context, folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	const script = `git ls-files -z --cached --others --exclude-standard | tar --null -T - -c -f - | tar -x -f - -C "$0"`
	cmd := exec.CommandContext(ctx, "bash", "-o", "pipefail", "-c", script, folder)
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// mutate writes the package's files with their mutants, and returns the names with theirs.
func (m mutated) mutate(fset *token.FileSet, imports types.Importer, names []string) ([]string, error) {
	var files []*ast.File
	var sources []string
	for _, name := range m.GoFiles {
		name = filepath.Join(m.folder, name)
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files, sources = append(files, file), append(sources, string(source))
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	checked, err := (&types.Config{Importer: imports}).Check(m.ImportPath, fset, files, info)
	if err != nil {
		return nil, err
	}
	for i, file := range files {
		p := program{fset: fset, source: sources[i], names: names}
		text := p.with(file, places(file, info, checked))
		names = p.names
		if err := os.WriteFile(filepath.Join(m.copied, m.GoFiles[i]), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return names, nil
}
