package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// setString keeps a string that is equal already, and knows the texts that come with every answer to a send; both spare
// an allocation.
func setString(dst *string, value []byte) error {
	switch {
	case *dst == string(value):
	case string(value) == "true":
		*dst = "true"
	case string(value) == defaultRegion:
		*dst = defaultRegion
	default:
		*dst = string(value)
	}
	return nil
}

// defaultRegion is what brokers answer unless they are told otherwise (Java: MixAll.DEFAULT_TRACE_REGION_ID).
const defaultRegion = "DefaultRegion"

// setBytes copies into the memory that is there.
func setBytes(dst *[]byte, value []byte) error {
	*dst = append((*dst)[:0], value...)
	return nil
}

func setInt32(dst *int32, value []byte) (err error) {
	*dst, err = wire.ParseInt32(value)
	return err
}

func setInt64(dst *int64, value []byte) (err error) {
	*dst, err = wire.ParseInt64(value)
	return err
}

func setBool(dst *bool, value []byte) (err error) {
	*dst, err = wire.ParseBool(value)
	return err
}

func setOptInt32(dst **int32, value []byte) error {
	n, err := wire.ParseInt32(value)
	*dst = &n
	return err
}

func setOptBool(dst **bool, value []byte) error {
	b, err := wire.ParseBool(value)
	*dst = &b
	return err
}
