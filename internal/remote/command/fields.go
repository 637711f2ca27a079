package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// setString keeps a string that is equal already and so spares an allocation.
func setString(dst *string, value []byte) error {
	if *dst != string(value) {
		*dst = string(value)
	}
	return nil
}

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
