// Package remotestate runs the real tofu on stack/ with its S3 backend, against a small S3 on the loopback interface.
// TOFU names the command; without it the tests are skipped.
package remotestate

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const (
	key    = "prod/network/terraform.tfstate"
	secret = "correct-horse-battery"
)

func serve(t *testing.T) (*bucket, string) {
	t.Helper()
	if os.Getenv("TOFU") == "" {
		t.Skip("TOFU is not set: no tofu command to run")
	}
	b := &bucket{objects: map[string][]byte{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return b, server.URL
}

// checkout is one engineer's working copy of stack/, initialised with the backend at url.
// edit, if there is one, changes the copy before that; init gets the further arguments.
func checkout(t *testing.T, url string, edit func(dir string) error, initArgs ...string) func(args ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("stack")); err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		if err := edit(dir); err != nil {
			t.Fatal(err)
		}
	}
	tofu := func(args ...string) (string, error) {
		cmd := exec.Command(os.Getenv("TOFU"), append([]string{"-chdir=" + dir}, args...)...)
		cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL_S3="+url, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
			"AWS_EC2_METADATA_DISABLED=true", "TF_VAR_password="+secret, "TF_IN_AUTOMATION=1")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	// Only what needs the real AWS is switched off; bucket, key, encryption and lock are those of backend.tf.
	out, err := tofu(append([]string{"init", "-no-color", "-backend-config=use_path_style=true", "-backend-config=skip_credentials_validation=true",
		"-backend-config=skip_requesting_account_id=true", "-backend-config=skip_s3_checksum=true", "-backend-config=allowed_account_ids=null"},
		initArgs...)...)
	if err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	return tofu
}

func TestStateIsSharedLockedAndEncrypted(t *testing.T) {
	s3, url := serve(t)
	first := checkout(t, url, nil)
	if out, err := first("apply", "-auto-approve", "-no-color"); err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}

	requests := s3.requests()
	if !strings.Contains(requests, "PUT "+key+".tflock *") {
		t.Errorf("the lock was not taken with If-None-Match: *\n%s", requests)
	}
	if !strings.Contains(requests, "PUT "+key+" aws:kms") {
		t.Errorf("the state was stored without encryption\n%s", requests)
	}
	if s3.get(key+".tflock") != "" {
		t.Error("the lock was left behind")
	}

	second := checkout(t, url, nil)
	out, err := second("state", "list")
	if err != nil || !strings.Contains(out, "terraform_data.database") {
		t.Errorf("another working copy does not see the resource: %v\n%s", err, out)
	}
	out, err = second("plan", "-no-color", "-detailed-exitcode")
	if err != nil {
		t.Errorf("another working copy plans a change: %v\n%s", err, out)
	}
}

func TestASecondApplyIsRefused(t *testing.T) {
	s3, url := serve(t)
	tofu := checkout(t, url, nil)
	s3.put(key+".tflock", `{"ID":"7a0e","Operation":"OperationTypeApply","Who":"colleague@laptop","Version":"1.12.6"}`)

	out, err := tofu("apply", "-auto-approve", "-no-color")
	if err == nil || !strings.Contains(out, "Error acquiring the state lock") || !strings.Contains(out, "colleague@laptop") {
		t.Errorf("applied under a colleague's lock, or did not name the holder: %v\n%s", err, out)
	}
	if s3.get(key) != "" {
		t.Error("the state was written under a colleague's lock")
	}
}

func TestSecretsAreReadableInTheState(t *testing.T) {
	s3, url := serve(t)
	tofu := checkout(t, url, nil)
	out, err := tofu("apply", "-auto-approve", "-no-color")
	if err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
	if strings.Contains(out, secret) {
		t.Error("the secret is on the screen")
	}
	if !strings.Contains(s3.get(key), secret) {
		t.Error("the secret is not in the state: README.md says it is")
	}
}
