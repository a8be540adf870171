//go:build tools

// Package tools names what `go mod tidy` keeps go.mod and go.sum for; nothing compiles it.
package tools

import _ "github.com/jaegertracing/jaeger/cmd/all-in-one"
