# syntax=docker/dockerfile:1
# The program with git, which reads the dates and reasons of changes. Built by: docker build --build-arg VERSION=v1.0.0 -t opsbook .
#   docker run --rm -v "$PWD:/work" opsbook build content
# For a build that can be repeated to the byte, give both images by digest: --build-arg GO_IMAGE=golang@sha256:...
ARG GO_IMAGE=golang:1.26-alpine
ARG BASE_IMAGE=alpine:3.22

FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
# The flags are those of tools/release.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=${VERSION}" -o /opsbook ./cmd/opsbook

FROM ${BASE_IMAGE}
RUN apk add --no-cache ca-certificates git \
    && git config --system --add safe.directory '*'
COPY --from=build /opsbook /usr/local/bin/opsbook
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/opsbook"]
CMD ["--help"]
