//go:build tools

// Package tools imports the program for which `go mod tidy` writes go.mod and go.sum. It is never built.
package tools

import _ "github.com/jaegertracing/jaeger/cmd/all-in-one"
