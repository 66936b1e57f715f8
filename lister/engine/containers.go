package engine

import (
	"context"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A containerJSON is an element of /containers/json, as far as rows need it.
type containerJSON struct {
	Names          []string
	Image, ImageID string
}

// Containers implements [lister.Engine]. Its errors are like those of [Client.Images].
func (c *Client) Containers(ctx context.Context) ([]lister.Container, error) {
	defer func() { _ = c.api.Close() }() // idle connections
	containers, err := c.containers(ctx)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	return containers, nil
}

func (c *Client) containers(ctx context.Context) ([]lister.Container, error) {
	able, err := c.negotiate(ctx)
	if err != nil {
		return nil, err
	}
	list, err := c.getList(ctx, "all=1", able.path("containers", "json")...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = list.Body.Close() }()
	var all []lister.Container
	for container, err := range decodeList(list.Body, "container", generous(), containerJSON.container) {
		if err != nil {
			return nil, &requestError{err, list.proxy}
		}
		all = append(all, container)
	}
	return all, nil
}

// container returns what the lister calls a container, unless it goes past a limit.
func (c containerJSON) container(m *meter) (lister.Container, error) {
	name := ""
	for _, n := range c.Names {
		// The others, such as /web/db, are the names that linked containers have for it.
		if n = strings.TrimPrefix(n, "/"); name == "" || strings.Contains(name, "/") {
			name = n
		}
	}
	return lister.Container{Name: name, Image: c.Image, ImageID: c.ImageID}, m.add(0, name, c.Image, c.ImageID)
}
