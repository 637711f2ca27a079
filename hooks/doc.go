// Package hooks holds the functions that applications hang into a consumer.
package hooks
