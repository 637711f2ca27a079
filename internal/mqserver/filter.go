package mqserver

import (
	"slices"
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

const (
	expressionTag = "TAG"
	everyTag      = "*"
)

// filter decides by the hash of the tag alone, so messages whose tags collide pass and the client sorts them out
// (Java: ExpressionMessageFilter.isMatchedByConsumeQueue).
type filter struct {
	all   bool
	codes []int32
}

func (f filter) matches(tags int64) bool { return f.all || slices.Contains(f.codes, int32(tags)) }

func isTagType(expressionType string) bool {
	return expressionType == "" || expressionType == expressionTag
}

// filterOf makes the filter of a registered subscription.
func filterOf(s *command.SubscriptionData) filter {
	return filter{all: s.SubString == everyTag || s.ClassFilterMode, codes: s.CodeSet}
}

// parseTags makes the filter of a subscription that comes with the pull (FilterAPI.build). It returns false when the
// expression cannot be parsed.
func parseTags(expression string) (filter, bool) {
	if expression == "" || expression == everyTag {
		return filter{all: true}, true
	}
	var f filter
	some := false // Java's String.split leaves nothing of "||", and that is an error
	for _, tag := range strings.Split(expression, "||") {
		some = some || tag != ""
		if tag = strings.TrimSpace(tag); tag != "" {
			f.codes = append(f.codes, record.TagHash(tag))
		}
	}
	return f, some
}
