// Package util breaks the rules on purpose.
package util
