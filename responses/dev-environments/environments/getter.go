package environments

import (
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// getter gives Helm the connection that the client has.
type getter struct {
	config    *rest.Config
	once      sync.Once
	discovery discovery.CachedDiscoveryInterface
	err       error
}

// ToRESTConfig is a part of genericclioptions.RESTClientGetter.
func (g *getter) ToRESTConfig() (*rest.Config, error) { return rest.CopyConfig(g.config), nil }

// ToDiscoveryClient is a part of genericclioptions.RESTClientGetter.
func (g *getter) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	g.once.Do(func() {
		var client *discovery.DiscoveryClient
		if client, g.err = discovery.NewDiscoveryClientForConfig(g.config); g.err == nil {
			g.discovery = memory.NewMemCacheClient(client)
		}
	})
	return g.discovery, g.err
}

// ToRESTMapper is a part of genericclioptions.RESTClientGetter.
func (g *getter) ToRESTMapper() (meta.RESTMapper, error) {
	client, err := g.ToDiscoveryClient()
	if err != nil {
		return nil, err
	}
	return restmapper.NewDeferredDiscoveryRESTMapper(client), nil
}

// ToRawKubeConfigLoader is a part of genericclioptions.RESTClientGetter. Helm takes the namespace from it, if it is told none.
func (g *getter) ToRawKubeConfigLoader() clientcmd.ClientConfig {
	return clientcmd.NewDefaultClientConfig(clientcmdapi.Config{}, nil)
}
