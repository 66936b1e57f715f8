package suite

import (
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// letter is a mail that has arrived.
type letter struct{ To, Subject, Text string }

// mailbox is a mail server that keeps what it gets.
type mailbox struct {
	address string
	mutex   sync.Mutex
	letters []letter
}

func startMailbox() *mailbox {
	GinkgoHelper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	m := &mailbox{address: listener.Addr().String()}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{mailbox: m}, nil }))
	go func() { _ = server.Serve(listener) }()
	DeferCleanup(server.Close)
	return m
}

// delivery is a connection that brings a mail.
type delivery struct {
	*mailbox
	to string
}

func (*delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (*delivery) Reset()                               {}
func (*delivery) Logout() error                        { return nil }

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = to
	return nil
}

// Data takes the subject and the first part out of a mail.
func (d *delivery) Data(source io.Reader) error {
	message, err := mail.ReadMessage(source)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return err
	}
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	part, err := multipart.NewReader(message.Body, parameters["boundary"]).NextPart()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(part)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.letters = append(d.letters, letter{d.to, subject, strings.ReplaceAll(string(text), "\r\n", "\n")})
	return err
}

// all returns what has come until now.
func (m *mailbox) all() []letter {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return slices.Clone(m.letters)
}

// sleepWebhook is the sleeper's address inside the cluster.
func sleepWebhook() string {
	GinkgoHelper()
	DeferCleanup(kubectl, "logs", "-n", "platform", "-l", "app.kubernetes.io/name=sleep", "--prefix", "--tail=-1")
	kubectl("rollout", "status", "deployment/sleep", "-n", "platform", "--timeout=3m")
	return "http://" + kubectl("get", "service", "sleep", "-n", "platform", "-o", "jsonpath={.spec.clusterIP}") + ":8080"
}

// startAlertmanager starts it with the answer's routes, in shortened times. There are no names of services on this machine, and no mail
// server but the suite's.
func startAlertmanager(ctx SpecContext, mails *mailbox) {
	GinkgoHelper()
	config := temporary("alertmanager.yaml", edited("monitoring/alertmanager.yaml",
		"smtp.example.com:587", mails.address+"\n  smtp_require_tls: false",
		"  smtp_auth_username: environments@example.com\n  smtp_auth_password_file: /etc/alertmanager/secrets/smtp/password\n", "",
		"http://sleep.platform.svc:8080", sleepWebhook(),
		"/etc/alertmanager/secrets/sleep-token/token", temporary("token", token),
		"group_wait: 1m", "group_wait: 1s",
		"group_wait: 10s", "group_wait: 1s",
		"group_interval: 5m", "group_interval: 2s",
	))
	start("prometheus-alertmanager", "--config.file", config, "--storage.path", GinkgoT().TempDir(), "--cluster.listen-address=")
	answers(ctx, "http://127.0.0.1:9093/-/ready")
}
