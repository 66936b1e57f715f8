# The image of dkr-ls: one static binary and the CA certificates.
#
#   docker build --tag dkr-ls .
#
# It builds with BuildKit and with the legacy builder, which has no cache mounts:
# the layers are the cache. A change of the code compiles the project's own
# packages only.

# Any image with Go and CA certificates will do: where no registry has this one, hack/image.sh puts another
# into this line. The program is cross-compiled, so Go always runs natively; the legacy builder
# does not know BUILDPLATFORM, "linux" is its own platform.
FROM --platform=${BUILDPLATFORM:-linux} golang:1.26.8-trixie@sha256:bdca99a00bc16590cb1a0bb4e698f5fc5d6a64e4d5eef13d9f18a0ee08e5fa65 AS go

# The packages of other modules that the code imports, found without downloading
# any (hence -e).
FROM go AS imports
LABEL dkr-ls.stage=imports
WORKDIR /src
COPY . .
RUN GOPROXY=off go list -e -f '{{join .Imports "\n"}}' ./... 2>/dev/null | \
    grep '\..*/' | grep -v "^$(go list -m)/" | sort -u >/imports

FROM go AS build
LABEL dkr-ls.stage=build
# GOPROXY and GOSUMDB: where modules come from, if not from Go's defaults.
ARG TARGETOS TARGETARCH GOPROXY GOSUMDB
# Without HTTP/2, which no Docker engine speaks, and with functions closer together, the binary is 4 % smaller.
ENV CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} GOFLAGS=-tags=nethttpomithttp2
WORKDIR /src
# Downloads and compiles the dependencies. This layer comes out of the cache as
# long as the module files and the list of imports stay the same.
COPY go.mod go.sum ./
COPY --from=imports /imports /imports
RUN xargs go build -trimpath </imports
COPY . .
ARG VERSION COMMIT
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -funcalign=16 -X main.version=${VERSION} -X main.commit=${COMMIT}" \
    -o /dkr-ls ./cmd/dkr-ls

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /dkr-ls /dkr-ls
ARG VERSION COMMIT CREATED SOURCE
# The group 0 may use the socket of Docker Desktop and of rootless engines. Elsewhere, `docker run
# --group-add` gives the socket's group.
USER 65534:0
LABEL org.opencontainers.image.title="dkr-ls" \
      org.opencontainers.image.description="Lists the images of a Docker engine" \
      org.opencontainers.image.vendor="dkr-ls" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.url="${SOURCE}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
ENTRYPOINT ["/dkr-ls"]
