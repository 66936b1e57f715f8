// Package environments does what people do with environments: launch, look, wake, change, pin, extend, delete, restore. It acts as
// whoever its connection says: RBAC, quotas and admission policies decide, and their words are what people read.
package environments

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// Error is a refusal, with one thing to try.
type Error struct{ Message, Try string }

func (e *Error) Error() string {
	if e.Try == "" {
		return e.Message
	}
	return e.Message + "; try: " + e.Try
}

// ErrUnauthorized is the answer to somebody whom the cluster does not know.
var ErrUnauthorized = &Error{"the cluster does not know you, or no longer", "sign in again"}

// notFound is what a cluster says that answers.
type notFound struct{ reason *Error }

func (n notFound) Error() string { return n.reason.Error() }
func (n notFound) Unwrap() error { return n.reason }

// IsNotFound says whether the environment is not there, as opposed to a cluster that cannot be asked.
func IsNotFound(err error) bool { return errors.As(err, &notFound{}) }

// Client acts for one person.
type Client struct {
	kube     kubernetes.Interface
	platform *platform // once it was asked for
}

// New returns a client for who the config is.
func New(config *rest.Config) (*Client, error) {
	config = rest.CopyConfig(config)
	config.WarningHandler = rest.NoWarnings{} // what is only warned of is said by the refusal, if there is one
	config.QPS, config.Burst = 50, 100
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return &Client{kube: kube}, nil
}

// Person is who the client acts for, and the teams they are in.
type Person struct {
	Handle string
	Teams  []string
}

// Name is the person as they write themselves.
func (p Person) Name() string { return Name(p.Handle) }

// WhoAmI asks the API server.
func (c *Client) WhoAmI(ctx context.Context) (Person, error) {
	p, err := c.settings(ctx)
	if err != nil {
		return Person{}, err
	}
	review, err := c.kube.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		return Person{}, refusal(err, "")
	}
	user := review.Status.UserInfo
	handle, err := Handle(p.Prefix, user.Username)
	if err != nil {
		return Person{}, err
	}
	person := Person{Handle: handle}
	for _, group := range user.Groups {
		group = strings.TrimPrefix(group, p.Prefix)
		team, found := strings.CutPrefix(group, "team-")
		if named := p.Teams[group]; named != "" {
			team, found = named, true
		}
		if found {
			person.Teams = append(person.Teams, team)
		}
	}
	slices.Sort(person.Teams)
	person.Teams = slices.Compact(person.Teams)
	return person, nil
}

var (
	teamName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$`)
	envName  = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$`)
)

// CheckName says what is wrong with a name, before the cluster is asked.
func CheckName(team, name string) error {
	if !envName.MatchString(name) {
		return &Error{fmt.Sprintf("'%s' cannot be an environment's name: it is part of a DNS name", name), "up to 40 small letters, digits and hyphens"}
	}
	return CheckTeam(team)
}

// CheckTeam is CheckName for a team's.
func CheckTeam(team string) error {
	if !teamName.MatchString(team) {
		return &Error{fmt.Sprintf("'%s' is not a team name", team), "--team TEAM"}
	}
	return nil
}

func namespace(team string) string { return "team-" + team }

// refusal makes of the API server's answer what a person needs: the reason, and what to try. It is nil if nothing was refused.
func refusal(err error, team string) error {
	if err == nil {
		return nil
	}
	message := err.Error()
	switch {
	case apierrors.IsUnauthorized(err):
		return ErrUnauthorized
	case apierrors.IsForbidden(err) && strings.Contains(message, "cannot "): // RBAC's; the same where there is no such team
		return &Error{"you may not run environments in team " + team, "a team of yours, or ask the platform's team"}
	case apierrors.IsConflict(err):
		return &Error{"somebody else changed it at the same moment", "again"}
	case apierrors.ReasonForError(err) == metav1.StatusReasonUnknown:
		return fmt.Errorf("the cluster gave no answer: %s; try: kubectl version", oneLine(message)) // nobody's refusal
	}
	if _, after, found := strings.Cut(message, "denied request: "); found { // a policy's own words
		message = after
	}
	message, try, _ := strings.Cut(oneLine(message), "; try: ")
	if try == "" {
		try = hint(message)
	}
	return &Error{message, try}
}

// hint is the one thing to try.
func hint(message string) string {
	for _, known := range []struct{ pattern, try string }{
		{`exceeded quota`, "a smaller size, or delete what nobody needs: devenv list"},
		{`ErrImagePull|ImagePullBackOff`, "again later, or ask the platform's team: the registry has no such image, or does not answer"},
		{`(?i)secret.*not found`, "a Secret that the team has; the platform's team adds them"},
		{`untolerated taint|node affinity|Insufficient`, "a smaller size, or leave it: it starts when a node has room"},
		{`CrashLoopBackOff`, "kubectl logs of the pod"},
	} {
		if regexp.MustCompile(known.pattern).MatchString(message) {
			return known.try
		}
	}
	return "kubectl describe of its StatefulSet and pod"
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
