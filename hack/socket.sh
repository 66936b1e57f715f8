#!/usr/bin/env bash
# Prints the socket of the engine that docker uses, and the group that may use
# it, both as a container sees them: "/var/run/docker.sock 999". Fails where the
# engine has no socket on this machine.
set -euo pipefail

endpoint=$(docker context inspect --format '{{.Endpoints.docker.Host}}')
engine=$(docker info --format '{{.OperatingSystem}} {{.SecurityOptions}}')

case "$(uname) $engine $endpoint" in
  # Its engine runs in a virtual machine, with a socket of its own there.
  *"Docker Desktop"*) echo "/var/run/docker.sock 0" ;;
  # So does any other on macOS, but whose socket it is there is not told here.
  Darwin*" unix://"*)
    echo "socket.sh: the engine at $endpoint runs in a virtual machine, and the group of its socket there is not known" >&2
    exit 1
    ;;
  # The user who runs it is root in its containers.
  *rootless*" unix://"*) echo "${endpoint#unix://} 0" ;;
  *" unix://"*)
    read -r _ _ _ group _ <<<"$(ls -Lnd "${endpoint#unix://}")"
    echo "${endpoint#unix://} $group"
    ;;
  *)
    echo "socket.sh: the engine at $endpoint has no socket on this machine" >&2
    exit 1
    ;;
esac
