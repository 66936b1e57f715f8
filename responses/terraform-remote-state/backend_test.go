package remotestate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const stageKey = "stage/network/terraform.tfstate"

// README.md's two ways to give another environment another key.
func TestTheKeyMayComeFromOutside(t *testing.T) {
	variable := func(dir string) error {
		name := filepath.Join(dir, "backend.tf")
		block, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text := strings.Replace(string(block), `"prod/network/`, `"${var.environment}/network/`, 1)
		return os.WriteFile(name, []byte(text+"\nvariable \"environment\" {\n  type = string\n}\n"), 0o600)
	}
	t.Setenv("TF_VAR_environment", "stage")
	for _, way := range []struct {
		name string
		edit func(string) error
		init []string
	}{
		{"partial configuration", nil, []string{"-backend-config=key=" + stageKey}},
		{"a variable, which OpenTofu takes", variable, nil},
	} {
		s3, url := serve(t)
		tofu := checkout(t, url, way.edit, way.init...)
		if out, err := tofu("apply", "-auto-approve", "-no-color"); err != nil {
			t.Errorf("%s: apply: %v\n%s", way.name, err, out)
		}
		if s3.get(stageKey) == "" || s3.get(key) != "" {
			t.Errorf("%s: the state is not at %s alone\n%s", way.name, stageKey, s3.requests())
		}
	}
}

// A stack that only wants an output downloads all of the other stack's state, with the password in it.
func TestRemoteStateHandsOutTheWholeState(t *testing.T) {
	s3, url := serve(t)
	owner := checkout(t, url, nil)
	if out, err := owner("apply", "-auto-approve", "-no-color"); err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
	before := len(s3.requests())
	reader := checkout(t, url, func(dir string) error {
		return os.WriteFile(filepath.Join(dir, "main.tf"), []byte(`
data "terraform_remote_state" "network" {
  backend = "s3"
  config = {
    bucket                      = "example-111111111111-tofu-state"
    key                         = "prod/network/terraform.tfstate"
    region                      = "eu-central-1"
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}

output "id" {
  value = data.terraform_remote_state.network.outputs.database_id
}
`), 0o600)
	}, "-backend-config=key="+stageKey)
	out, err := reader("apply", "-auto-approve", "-no-color")
	if err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
	if read := s3.requests()[before:]; !strings.Contains(read, "GET "+key) || !strings.Contains(s3.get(key), secret) {
		t.Errorf("the reader did not download the object that holds the password\n%s", read)
	}
}
