//go:build !unix

package engine

const promptly = 0
