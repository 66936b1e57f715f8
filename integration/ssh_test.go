package integration_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// An sshHost is a host with an SSH server on loopback, whose docker command uses the shared engine.
type sshHost struct {
	dir  string // of all its keys and settings
	path string // bin, for the PATH of its clients: an ssh that knows its keys, and nothing of this machine's

	settings []string // of its clients, for the name engine.test
}

// startSSH serves SSH with Debian's own server until the spec ends. It takes one key: user-key.
func startSSH(ctx SpecContext) sshHost {
	GinkgoHelper()
	sshd := installedSSHD(ctx)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(listener.Close)
	host := newSSHHost(ctx, listener.Addr())
	// The servers outlive this node.
	servers, cancel := context.WithCancel(context.WithoutCancel(ctx))
	DeferCleanup(cancel)
	go host.serve(servers, listener, sshd)
	return host
}

// newSSHHost makes keys and settings for a server that will listen at an address, and for its clients.
func newSSHHost(ctx SpecContext, at net.Addr) sshHost {
	GinkgoHelper()
	ssh, docker := installed(ctx, "ssh", "openssh-client"), installed(ctx, "docker", "docker.io")
	host := sshHost{dir: GinkgoT().TempDir()}
	host.path = filepath.Join(host.dir, "bin")
	for _, name := range []string{"host-key", "user-key", "other-key"} {
		keygen := exec.CommandContext(ctx, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", filepath.Join(host.dir, name))
		output, err := keygen.CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), string(output))
	}
	address, port, err := net.SplitHostPort(at.String())
	Expect(err).NotTo(HaveOccurred())
	me, err := user.Current()
	Expect(err).NotTo(HaveOccurred())

	hostKey, err := os.ReadFile(filepath.Join(host.dir, "host-key.pub"))
	Expect(err).NotTo(HaveOccurred())
	host.write("known_hosts", 0o600, "["+address+"]:"+port+" "+string(hostKey))
	host.write("sshd_config", 0o600, "HostKey DIR/host-key", "AuthorizedKeysFile DIR/user-key.pub",
		"PermitRootLogin prohibit-password", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
		"UsePAM no", "StrictModes no", // the folder is in /tmp
		fmt.Sprintf("SetEnv DOCKER_HOST=%s DOCKER_CONFIG=DIR PATH=%s:/usr/bin:/bin", suite.Brief.Host(), filepath.Dir(docker)))
	host.settings = []string{"Host engine.test", "HostName " + address, "Port " + port, "User " + me.Username}
	host.useKey("user-key")
	// ssh goes by the user's home in the password file, not by HOME.
	host.write("bin/ssh", 0o700, "#!/bin/sh", fmt.Sprintf(`exec '%s' -F 'DIR/config' "$@"`, ssh))
	return host
}

// installedSSHD returns the path of sshd, and has the folder made that sshd insists on as root.
func installedSSHD(ctx context.Context) string {
	GinkgoHelper()
	_, found := find("sshd")
	if _, err := os.Stat("/run/systemd/system"); err == nil && !found && os.Getenv("CI") != "true" {
		Skip("sshd is missing. Install openssh-server: that is not done here unasked, as Debian's package makes this machine an SSH server")
	}
	sshd := installed(ctx, "sshd", "openssh-server")
	// Without the system's own service, which makes that folder.
	if err := os.Mkdir("/run/sshd", 0o755); os.Geteuid() == 0 && !os.IsExist(err) {
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(os.Remove, "/run/sshd")
	}
	return sshd
}

// write makes a file of lines, in which DIR stands for the host's folder.
func (h sshHost) write(name string, mode os.FileMode, lines ...string) {
	GinkgoHelper()
	file := filepath.Join(h.dir, name)
	Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
	content := strings.ReplaceAll(strings.Join(lines, "\n")+"\n", "DIR", h.dir)
	Expect(os.WriteFile(file, []byte(content), mode)).To(Succeed())
}

// useKey writes the clients' settings, with this key.
func (h sshHost) useKey(name string) {
	GinkgoHelper()
	h.write("config", 0o600, append([]string{
		"IdentityFile DIR/" + name, "IdentitiesOnly yes", "IdentityAgent none",
		"UserKnownHostsFile DIR/known_hosts", "GlobalKnownHostsFile none", "StrictHostKeyChecking yes", "BatchMode yes",
	}, h.settings...)...)
}

// serve starts an sshd for each connection, as inetd does: so no other process can take its port.
func (h sshHost) serve(ctx context.Context, listener net.Listener, sshd string) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		file, err := connection.(*net.TCPConn).File()
		if err == nil {
			server := exec.CommandContext(ctx, sshd, "-i", "-e", "-f", filepath.Join(h.dir, "sshd_config"))
			server.Stdin, server.Stdout, server.Stderr = file, file, GinkgoWriter
			if server.Start() == nil {
				go func() { _ = server.Wait() }()
			}
			_ = file.Close()
		}
		_ = connection.Close()
	}
}
