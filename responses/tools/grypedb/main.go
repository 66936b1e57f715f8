// Command grypedb makes a vulnerability database for Grype from a short list, so that a check can scan without the
// internet and knows what must be found.
//
//	grypedb LIST.json FOLDER
//
// FOLDER becomes Grype's database cache (GRYPE_DB_CACHE_DIR). An entry of the list names either a Python package or, for
// programs that no package manager knows, a CPE vendor and product.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	v6 "github.com/anchore/grype/grype/db/v6"
	"github.com/spf13/afero"
)

// entry is one vulnerability of the list.
type entry struct {
	ID         string // CVE-...
	Package    string // a Python package's name, or
	Vendor     string // the vendor of a CPE, with
	Product    string // its product
	Constraint string // affected versions, such as "<3.1.4"
	Fix        string // first version without it; empty: there is none
	Severity   string // critical, high, medium, low
	Exploited  bool   // in CISA's catalogue of known exploited vulnerabilities
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: grypedb LIST.json FOLDER")
	}
	if err := build(os.Args[1], os.Args[2]); err != nil {
		log.Fatalf("grypedb: %v", err)
	}
}

// build writes the database that Grype looks for below folder.
func build(list, folder string) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var entries []entry
	if err := json.Unmarshal(text, &entries); err != nil {
		return fmt.Errorf("%s: %w", list, err)
	}
	dir := filepath.Join(folder, fmt.Sprint(v6.ModelVersion))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	db, err := v6.NewWriter(v6.Config{DBDirPath: dir})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := add(db, e); err != nil {
			return fmt.Errorf("%s: %w", e.ID, err)
		}
	}
	if err := db.SetDBMetadata(); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	// Grype wants to know what the file was when it was imported.
	_, err = v6.WriteImportMetadata(afero.NewOsFs(), dir, "fixture")
	return err
}

// add writes one vulnerability, with what it affects.
func add(db v6.ReadWriter, e entry) error {
	vulnerability := &v6.VulnerabilityHandle{
		Name:   e.ID,
		Status: v6.VulnerabilityActive,
		// Without a date: the database takes another one for another provider of the same name, and fails.
		Provider: &v6.Provider{ID: "fixture"},
		BlobValue: &v6.VulnerabilityBlob{
			ID:         e.ID,
			Severities: []v6.Severity{{Scheme: v6.SeveritySchemeCHML, Value: e.Severity, Rank: 1}},
		},
	}
	if err := db.AddVulnerabilities(vulnerability); err != nil {
		return err
	}
	affected := v6.Range{Fix: &v6.Fix{State: v6.NotFixedStatus}}
	if e.Fix != "" {
		affected.Fix = &v6.Fix{State: v6.FixedStatus, Version: e.Fix}
	}
	var err error
	if e.Package != "" {
		affected.Version = v6.Version{Type: "python", Constraint: e.Constraint}
		err = db.AddAffectedPackages(&v6.AffectedPackageHandle{
			Vulnerability: vulnerability,
			Package:       &v6.Package{Ecosystem: "python", Name: e.Package},
			BlobValue:     &v6.PackageBlob{CVEs: []string{e.ID}, Ranges: []v6.Range{affected}},
		})
	} else {
		affected.Version = v6.Version{Type: "unknown", Constraint: e.Constraint}
		err = db.AddAffectedCPEs(&v6.AffectedCPEHandle{
			Vulnerability: vulnerability,
			CPE:           &v6.Cpe{Part: "a", Vendor: e.Vendor, Product: e.Product},
			BlobValue:     &v6.PackageBlob{CVEs: []string{e.ID}, Ranges: []v6.Range{affected}},
		})
	}
	if err != nil || !e.Exploited {
		return err
	}
	now := time.Now()
	return db.AddKnownExploitedVulnerabilities(&v6.KnownExploitedVulnerabilityHandle{
		Cve:       e.ID,
		BlobValue: &v6.KnownExploitedVulnerabilityBlob{Cve: e.ID, DateAdded: &now},
	})
}
