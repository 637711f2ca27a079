package command

import (
	"fmt"

	jsoniter "github.com/json-iterator/go"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// json writes what fastjson would: maps sorted, nothing escaped for HTML.
var json = jsoniter.Config{SortMapKeys: true, ValidateJsonRawMessage: true}.Froze()

// decodeBody leaves dst alone unless all went well: json-iterator stores what it has read up to an error.
func decodeBody[T any](dst *T, name string, body []byte) error {
	var v T
	if err := json.Unmarshal(wire.Normalize(body), &v); err != nil {
		return fmt.Errorf("%s body: %w", name, err)
	}
	*dst = v
	return nil
}

// notNil makes an empty list of a missing one. Java's classes expect a collection and fail on null.
func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func notNilMap[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}
