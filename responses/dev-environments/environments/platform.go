package environments

import (
	"context"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/version"
)

// Version is the program's. The chart's is the same: ../deploy/check.sh compares them.
const Version = "1.0.0"

// platformNamespace has the platform's own parts. Two ConfigMaps there are for everybody to read: `environments`, what is offered and
// where, and `catalogue`, the images that may run. So a terminal and the page launch the same, and another offer needs no new program.
const platformNamespace = "platform"

// platform is what these say.
type platform struct {
	Version, Domain, Gateway, Prefix, StorageClass string
	ImagePullSecrets                               []string
	NotebookHost                                   string
	Notebooks                                      []string            // the bases that have one
	Teams                                          map[string]string   // by a group of the directory, where groups have other names than team-NAME
	Offer                                          map[string][]string // by field
	Defaults                                       map[string]string
	HighMemory                                     string            // from this size on memory is in group high-memory
	Images                                         map[string]string // the newest by digest, and the older ones that environments still have
}

// sessions is the catalogue's name for the image that counts sessions beside each environment.
const sessions = "sessions"

func (c *Client) settings(ctx context.Context) (*platform, error) {
	if c.platform != nil {
		return c.platform, nil
	}
	maps := c.kube.CoreV1().ConfigMaps(platformNamespace)
	settings, err := maps.Get(ctx, "environments", metav1.GetOptions{})
	if apierrors.IsNotFound(err) || apierrors.IsForbidden(err) {
		return nil, &Error{"this cluster has no development environments: no ConfigMap environments in " + platformNamespace, "another cluster: kubectl config get-contexts"}
	}
	if err != nil {
		return nil, refusal(err, "")
	}
	catalogue, err := maps.Get(ctx, "catalogue", metav1.GetOptions{})
	if err != nil {
		return nil, refusal(err, "")
	}
	data := settings.Data
	p := &platform{
		Version: data["version"], Domain: data["domain"], Gateway: data["gateway"], Prefix: data["prefix"], StorageClass: data["storageClass"],
		ImagePullSecrets: strings.Fields(data["imagePullSecrets"]), Teams: pairs(data["teams"]), Defaults: pairs(data["defaults"]),
		HighMemory: data["highMemory"], NotebookHost: data["notebookHost"], Notebooks: strings.Fields(data["notebooks"]), Images: catalogue.Data, Offer: map[string][]string{},
	}
	for _, name := range []string{"cpu", "memory", "gpu", "lifetime", "home"} {
		p.Offer[name] = strings.Fields(data[name])
	}
	c.platform = p
	return p, nil
}

// pairs reads "cpu=2 memory=4Gi".
func pairs(text string) map[string]string {
	all := map[string]string{}
	for _, pair := range strings.Fields(text) {
		if i := strings.LastIndex(pair, "="); i > 0 {
			all[pair[:i]] = pair[i+1:]
		}
	}
	return all
}

// newest is the image of the catalogue by this name, or none.
func (p *platform) newest(name string) string {
	image, _, _ := strings.Cut(p.Images[name], " ")
	return image
}

// Outdated says so when the platform is newer than this program, and is empty otherwise.
func (c *Client) Outdated(ctx context.Context) string {
	p, err := c.settings(ctx)
	if err != nil {
		return ""
	}
	its, err := version.ParseSemantic(p.Version)
	if err != nil || !version.MustParseSemantic(Version).LessThan(its) {
		return ""
	}
	return "this is devenv " + Version + ", and the platform is " + p.Version + "; get the new one where you got this"
}

// Names returns the zone that the environments' names are in, and the host to jump over to them, if there is one.
func (c *Client) Names(ctx context.Context) (domain, gateway string, err error) {
	p, err := c.settings(ctx)
	if err != nil {
		return "", "", err
	}
	return p.Domain, p.Gateway, nil
}
