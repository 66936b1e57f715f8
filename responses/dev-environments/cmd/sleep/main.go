// Sleep puts to sleep, that is, scales to zero, the environments that Alertmanager names: idle for too long, or idle after their last day.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"dev-environments.test/server"
)

func main() {
	if err := serve(); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	config, err := rest.InClusterConfig()
	if err != nil {
		return fmt.Errorf("no cluster: %w; try: as a pod, by deploy/", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	return server.Run(ctx, ":8080", handler(sleeper{client: client, now: time.Now}, "/etc/sleep/token"))
}
