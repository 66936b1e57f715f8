package suite

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"sync"

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
	errors  []error
}

func startMailbox() *mailbox {
	GinkgoHelper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	m := &mailbox{address: listener.Addr().String()}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go m.receive(textproto.NewConn(connection))
		}
	}()
	DeferCleanup(func() {
		listener.Close()
		m.mutex.Lock()
		defer m.mutex.Unlock()
		Expect(m.errors).To(BeEmpty(), "mails that could not be read")
	})
	return m
}

// receive speaks as much SMTP (RFC 5321) as Alertmanager needs.
func (m *mailbox) receive(connection *textproto.Conn) {
	defer connection.Close()
	connection.PrintfLine("220 mailbox")
	var to []string
	for {
		line, err := connection.ReadLine()
		if err != nil {
			return
		}
		switch verb, rest, _ := strings.Cut(line, " "); strings.ToUpper(verb) {
		case "RCPT":
			to = append(to, strings.Trim(strings.TrimPrefix(rest, "TO:"), "<>"))
			connection.PrintfLine("250 ok")
		case "DATA":
			connection.PrintfLine("354 go on")
			l, err := read(connection.DotReader())
			l.To = strings.Join(to, ",")
			to = nil
			m.mutex.Lock()
			if err != nil {
				m.errors = append(m.errors, err)
			} else {
				m.letters = append(m.letters, l)
			}
			m.mutex.Unlock()
			connection.PrintfLine("250 ok")
		case "QUIT":
			connection.PrintfLine("221 bye")
			return
		default:
			connection.PrintfLine("250 ok")
		}
	}
}

// read takes the subject and the only part out of a mail.
func read(source io.Reader) (letter, error) {
	defer io.Copy(io.Discard, source)
	message, err := mail.ReadMessage(source)
	if err != nil {
		return letter{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return letter{}, err
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return letter{}, fmt.Errorf("not a mail in parts: %s: %w", kind, err)
	}
	part, err := multipart.NewReader(message.Body, parameters["boundary"]).NextPart()
	if err != nil {
		return letter{}, err
	}
	text, err := io.ReadAll(part)
	return letter{Subject: subject, Text: strings.ReplaceAll(string(text), "\r\n", "\n")}, err
}

// all returns what has come until now.
func (m *mailbox) all() []letter {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return slices.Clone(m.letters)
}
