// Package environments does what people do with environments: launch, look, wake, pin, extend, delete. It acts as whoever its
// kubeconfig says, or as whom it impersonates: RBAC, quotas and admission policies decide, and their words are what people read.
package environments

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"

	environment "dev-environments.test/chart"
)

// Platform is the namespace of the platform's own parts. The ConfigMap `environments` there has, in values.yaml, what the platform
// sets of the chart's values, so that a terminal and the page launch the same.
const Platform = "platform"

// Error is a refusal, with one thing to try.
type Error struct{ Message, Try string }

func (e *Error) Error() string {
	if e.Try == "" {
		return e.Message
	}
	return e.Message + "; try: " + e.Try
}

// Client acts for one person.
type Client struct {
	config *rest.Config
	kube   kubernetes.Interface
	chart  *chart.Chart
	getter *getter
}

// New returns a client for who the config is, or impersonates.
func New(config *rest.Config) (*Client, error) {
	config = rest.CopyConfig(config)
	config.WarningHandler = rest.NoWarnings{} // what is only warned of is said by the refusal, if there is one
	config.QPS, config.Burst = 50, 100
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	c, err := environment.Load()
	if err != nil {
		return nil, err
	}
	return &Client{config: config, kube: kube, chart: c, getter: &getter{config: config}}, nil
}

// Handle is a person's one name in labels, mails and records: what the API server calls them, without the provider before it and
// the mail domain after it. oidc:jane.doe@example.com is jane.doe.
func Handle(username string) string {
	username = username[strings.LastIndexAny(username, ":/")+1:]
	username, _, _ = strings.Cut(username, "@")
	return strings.ToLower(username)
}

// Person is who the client acts for, and the teams they are in by their groups' names, team-NAME.
type Person struct {
	Handle string
	Teams  []string
}

// WhoAmI asks the API server.
func (c *Client) WhoAmI(ctx context.Context) (Person, error) {
	review, err := c.kube.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		return Person{}, noAnswer(err)
	}
	person := Person{Handle: Handle(review.Status.UserInfo.Username)}
	for _, group := range review.Status.UserInfo.Groups {
		group = group[strings.LastIndexAny(group, ":/")+1:]
		if team, ok := strings.CutPrefix(group, "team-"); ok {
			person.Teams = append(person.Teams, team)
		}
	}
	slices.Sort(person.Teams)
	return person, nil
}

func noAnswer(err error) error {
	return &Error{"the cluster gave no answer: " + oneLine(err.Error()), "kubectl version"}
}

var (
	teamName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$`)
	envName  = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$`)
)

// CheckName says what is wrong with a name, before anybody is asked.
func CheckName(team, name string) error {
	if !envName.MatchString(name) {
		return &Error{fmt.Sprintf("'%s' cannot be an environment's name: it is part of a DNS name", name), "up to 40 small letters, digits and hyphens"}
	}
	return CheckTeam(team)
}

// CheckTeam is CheckName for a team's.
func CheckTeam(team string) error {
	if !teamName.MatchString(team) {
		return &Error{fmt.Sprintf("'%s' is no team's name", team), "--team TEAM"}
	}
	return nil
}

// may asks before anything is changed; the answer is the same where there is no such team.
func (c *Client) may(ctx context.Context, team string) error {
	review, err := c.kube.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{
		Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: namespace(team), Verb: "update", Group: "apps", Resource: "statefulsets",
		}},
	}, metav1.CreateOptions{})
	if err != nil {
		return noAnswer(err)
	}
	if !review.Status.Allowed {
		return &Error{"you may not run environments in team " + team, "a team of yours, or ask the platform's team"}
	}
	return nil
}

func namespace(team string) string { return "team-" + team }

// settings are the platform's own values for the chart.
func (c *Client) settings(ctx context.Context) (map[string]any, error) {
	platform, err := c.platform(ctx)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(platform["values.yaml"]), &values); err != nil {
		return nil, fmt.Errorf("ConfigMap environments in %s: %w", Platform, err)
	}
	return values, nil
}

// platform is what the platform says to all; nothing, if it is not installed.
func (c *Client) platform(ctx context.Context) (map[string]string, error) {
	configMap, err := c.kube.CoreV1().ConfigMaps(Platform).Get(ctx, "environments", metav1.GetOptions{})
	if apierrors.IsNotFound(err) || apierrors.IsForbidden(err) {
		return nil, nil
	}
	if err != nil {
		return nil, noAnswer(err)
	}
	return configMap.Data, nil
}

// Names returns the zone that the environments' names are in, and the host to jump over to them, if there is one.
func (c *Client) Names(ctx context.Context) (domain, gateway string, err error) {
	settings, err := c.settings(ctx)
	if err != nil {
		return "", "", err
	}
	values := chartutil.CoalesceTables(settings, copied(c.chart.Values))
	domain, _ = values["domain"].(string)
	gateway, _ = values["gateway"].(string)
	return domain, gateway, nil
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
