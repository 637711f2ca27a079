package mqserver

import (
	"strconv"
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

func formatInt(n int64) string { return strconv.FormatInt(n, 10) }

// setProperty returns the encoded properties with key set to value, and without it when value is empty. What Java's
// reader drops on its way through a map (pairs without a value) is dropped.
func setProperty(props, key, value string) string {
	return string(appendWithout(make([]byte, 0, len(props)+len(key)+len(value)+2), props, key, value))
}

func appendWithout(dst []byte, props, key, value string) []byte {
	dst = appendExcept(dst, props, key)
	if value != "" {
		dst = record.AppendProperty(dst, key, value)
	}
	return dst
}

// appendExcept appends the properties whose names are not in except.
func appendExcept(dst []byte, props string, except ...string) []byte {
	record.EachProperty(props, func(k, v string) bool {
		for _, x := range except {
			if k == x {
				return true
			}
		}
		dst = record.AppendProperty(dst, k, v)
		return true
	})
	return dst
}

// delayLevel returns the level of property DELAY; zero for none or what is no number.
func delayLevel(props string) int {
	v, ok := record.LookupProperty(props, record.PropDelayTimeLevel)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0
	}
	return n
}

func property(props, key string) string {
	v, _ := record.LookupProperty(props, key)
	return v
}

// isTrue is Java's Boolean.parseBoolean.
func isTrue(v string) bool { return strings.EqualFold(v, "true") }
