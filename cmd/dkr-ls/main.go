// The command dkr-ls lists the images of a Docker engine.
package main

import (
	"context"
	"os"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], thisProcess())) }
