// Sleep puts to sleep, that is, scales to zero, the environments that Alertmanager names: idle for too long, or idle after their last day.
package main

import (
	"context"
	"flag"
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
	listen := flag.String("listen", ":8080", "address for Alertmanager's webhook, /alerts")
	tokenFile := flag.String("token-file", "/etc/sleep/token", "file with the token that the webhook has to bring")
	flag.Parse()
	if err := serve(*listen, *tokenFile); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

func serve(listen, tokenFile string) error {
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
	slog.Info("listening", "address", listen)
	return server.Run(ctx, listen, handler(sleeper{client: client, now: time.Now}, tokenFile))
}
