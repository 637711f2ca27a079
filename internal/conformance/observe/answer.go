package observe

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func refused(err error, code int32) bool {
	var refusal *Refusal
	return errors.As(err, &refusal) && refusal.Code == code
}

func longField(cmd *wire.Command, key string) (int64, error) {
	text, ok := cmd.Field(key)
	if !ok {
		return 0, fmt.Errorf("answer has no %s: code %d, %s", key, cmd.Code, cmd.Remark)
	}
	return strconv.ParseInt(text, 10, 64)
}

// unmarshal reads a JSON body in the dialect of fastjson.
func unmarshal(body []byte, v any) error {
	if err := json.Unmarshal(wire.Normalize(body), v); err != nil {
		return fmt.Errorf("body %q: %w", body, err)
	}
	return nil
}

// LockedQueues reads the queue ids that an answer to LOCK_BATCH_MQ grants, sorted.
func LockedQueues(body []byte) ([]int, error) {
	var answer struct {
		Queues []struct {
			ID int `json:"queueId"`
		} `json:"lockOKMQSet"`
	}
	if err := unmarshal(body, &answer); err != nil {
		return nil, err
	}
	var ids []int
	for _, q := range answer.Queues {
		ids = append(ids, q.ID)
	}
	slices.Sort(ids)
	return ids, nil
}
