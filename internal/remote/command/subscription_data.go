package command

import (
	"fmt"

	jsoniter "github.com/json-iterator/go"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Languages of a subscription's expression (Java: ExpressionType).
const (
	ExpressionTag   = "TAG"
	ExpressionSQL92 = "SQL92"
)

// SubscriptionData is what a group wants of a topic (Java: SubscriptionData).
type SubscriptionData struct {
	ClassFilterMode bool     `json:"classFilterMode"`
	CodeSet         []int32  `json:"codeSet"`        // hashes of TagsSet
	ExpressionType  string   `json:"expressionType"` // ExpressionTag…
	SubString       string   `json:"subString"`      // the expression as the user wrote it
	SubVersion      int64    `json:"subVersion"`     // grows with each change; milliseconds since 1970 in practice
	TagsSet         []string `json:"tagsSet"`
	Topic           string   `json:"topic"`
}

func (d SubscriptionData) withSets() SubscriptionData {
	d.CodeSet = notNil(d.CodeSet)
	d.TagsSet = notNil(d.TagsSet)
	return d
}

// UnmarshalJSON takes hash codes in quotes as well, as rocketmq-client-go sends them and Java accepts them.
func (d *SubscriptionData) UnmarshalJSON(b []byte) error {
	type members SubscriptionData // without this method
	v := struct {
		*members
		CodeSet []jsoniter.Number `json:"codeSet"`
	}{members: new(members)}
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	for _, n := range v.CodeSet {
		code, err := wire.ParseInt32([]byte(n))
		if err != nil {
			return fmt.Errorf("codeSet: %w", err)
		}
		v.members.CodeSet = append(v.members.CodeSet, code)
	}
	*d = SubscriptionData(*v.members)
	return nil
}
