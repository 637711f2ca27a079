package mqserver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func (p *peer) offset(code int32, h wire.FieldAppender) (int32, int64) {
	p.t.Helper()
	cmd := p.call(code, h, nil)
	var out command.QueryConsumerOffsetResponse
	require.NoError(p.t, cmd.DecodeFields(&out))
	return cmd.Code, out.Offset
}

func TestQueryConsumerOffset(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 2), func(c *Config) { c.MaxMemory = 1 << 20 })
	p := dialBroker(t, c)
	query := func(queue int32, zero *bool) (int32, int64) {
		return p.offset(command.CodeQueryConsumerOffset, &command.QueryConsumerOffsetRequest{
			ConsumerGroup: "CG", Topic: "T", QueueID: queue, SetZeroIfNotFound: zero,
		})
	}
	no := false
	code, _ := query(0, nil)
	require.Equal(t, command.QueryNotFound, code, "an empty queue has no first message")
	p.send(v2("T"), "x")
	code, at := query(0, nil)
	require.Equal(t, command.Success, code, "a young queue starts at 0")
	require.Zero(t, at)
	code, _ = query(0, &no)
	require.Equal(t, command.QueryNotFound, code)
	for range 20 {
		p.send(v2("T"), string(make([]byte, 100<<10)))
	}
	code, _ = query(0, nil)
	require.Equal(t, command.QueryNotFound, code, "its first messages are gone")

	code, _ = query(1, nil)
	require.Equal(t, command.QueryNotFound, code)
	p.heartbeat("CG", command.ModelClustering)
	require.Equal(t, codeSuccess, p.call(command.CodeUpdateConsumerOffset, &command.UpdateConsumerOffsetRequest{
		ConsumerGroup: "CG", Topic: "T", QueueID: 1, CommitOffset: 42,
	}, nil).Code)
	code, at = query(1, &no)
	require.Equal(t, command.Success, code)
	require.EqualValues(t, 42, at)
	code, _ = p.offset(command.CodeQueryConsumerOffset, &command.QueryConsumerOffsetRequest{ConsumerGroup: "CG", Topic: "nothing"})
	require.Equal(t, command.QueryNotFound, code)
}

func TestUpdateConsumerOffset(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1))
	p := dialBroker(t, c)
	update := func(group, topic string, at int64) *wire.Command {
		return p.call(command.CodeUpdateConsumerOffset, &command.UpdateConsumerOffsetRequest{ConsumerGroup: group, Topic: topic, CommitOffset: at}, nil)
	}
	cmd := update("CG", "T", 5)
	require.Equal(t, command.SubscriptionGroupNotExist, cmd.Code)
	require.Equal(t, "Group CG not exist!", cmd.Remark)
	p.heartbeat("CG", command.ModelClustering)
	cmd = update("CG", "nothing", 5)
	require.Equal(t, command.TopicNotExist, cmd.Code)
	require.Equal(t, "Topic nothing not exist!", cmd.Remark)
	cmd = p.call(command.CodeUpdateConsumerOffset, wire.Fields{{Key: "consumerGroup", Value: "CG"}, {Key: "topic", Value: "T"}, {Key: "queueId", Value: "0"}}, nil)
	require.Equal(t, command.InvalidParameter, cmd.Code)
	require.Equal(t, "Offset is null, topic is T", cmd.Remark)
	require.Equal(t, codeSuccess, update("CG", "T", 5).Code)
	require.Equal(t, codeSuccess, update("CG", "T", 3).Code, "a smaller one counts too")
	require.EqualValues(t, 3, c.CommittedOffset("CG", "T", "broker-0", 0))
	p.write(command.CodeUpdateConsumerOffset, wire.FlagOneWay, &command.UpdateConsumerOffsetRequest{ConsumerGroup: "CG", Topic: "T", CommitOffset: 9}, nil)
	require.Eventually(t, func() bool { return c.CommittedOffset("CG", "T", "broker-0", 0) == 9 }, waitFor, time.Millisecond)
}

func TestQueueRange(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 2))
	p := dialBroker(t, c)
	var stored []int64
	for range 3 {
		p.send(v2("T"), "x")
		p.send(v2("T"), "x")
		stored = append(stored, clk.Now().UnixMilli())
		clk.move(10 * time.Millisecond)
	}
	_, at := p.offset(command.CodeGetMaxOffset, &command.GetMaxOffsetRequest{Topic: "T"})
	require.EqualValues(t, 6, at)
	_, at = p.offset(command.CodeGetMinOffset, &command.GetMinOffsetRequest{Topic: "T"})
	require.EqualValues(t, 0, at)
	for _, code := range []int32{command.CodeGetMaxOffset, command.CodeGetMinOffset} {
		got, at := p.offset(code, &command.GetMaxOffsetRequest{Topic: "nothing"})
		require.Equal(t, codeSuccess, got)
		require.Zero(t, at)
	}
	earliest := func(queue int32) int64 {
		cmd := p.call(command.CodeGetEarliestMsgStoreTime, &command.GetEarliestMsgStoreTimeRequest{Topic: "T", QueueID: queue}, nil)
		var out command.GetEarliestMsgStoreTimeResponse
		require.NoError(t, cmd.DecodeFields(&out))
		return out.Timestamp
	}
	require.Equal(t, stored[0], earliest(0))
	require.EqualValues(t, -1, earliest(1))
	for _, x := range []struct {
		at           int64
		lower, upper int64
	}{
		{0, 0, 0},
		{stored[0], 0, 1},
		{stored[0] + 5, 2, 1},
		{stored[1], 2, 3},
		{stored[2], 4, 5},
		{stored[2] + 1, 6, 5},
	} {
		_, at := p.offset(command.CodeSearchOffsetByTimestamp, &command.SearchOffsetRequest{Topic: "T", Timestamp: x.at})
		require.Equal(t, x.lower, at, "lower of %d", x.at-stored[0])
		_, at = p.offset(command.CodeSearchOffsetByTimestamp, &command.SearchOffsetRequest{Topic: "T", Timestamp: x.at, BoundaryType: "upper"})
		require.Equal(t, x.upper, at, "upper of %d", x.at-stored[0])
	}
	_, at = p.offset(command.CodeSearchOffsetByTimestamp, &command.SearchOffsetRequest{Topic: "T", QueueID: 1, Timestamp: 1})
	require.Zero(t, at)
}

func TestViewMessage(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	p.send(v2("T"), "a")
	out := p.send(v2("T"), "b")
	_, offset, err := record.ParseOffsetID(out.MsgID)
	require.NoError(t, err)
	cmd := p.call(command.CodeViewMessageByID, &command.ViewMessageRequest{Offset: offset}, nil)
	require.Equal(t, codeSuccess, cmd.Code)
	require.Equal(t, "b", string(decodeAll(t, cmd.Body)[0].Body))
	for _, bad := range []int64{-1, 1, offset + 1, offset + 4, 1 << 40} {
		cmd = p.call(command.CodeViewMessageByID, &command.ViewMessageRequest{Offset: bad}, nil)
		require.Equal(t, command.SystemError, cmd.Code)
		require.Equal(t, "can not find message by the offset, "+formatInt(bad), cmd.Remark)
	}
}

func TestQueryMessage(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	p.send(v2("T", "KEYS", "k1 k2", "UNIQ_KEY", "u1"), "a")
	p.send(v2("T", "KEYS", "k2", "UNIQ_KEY", "u2"), "b")
	p.send(v2("Other", "KEYS", "k2", "UNIQ_KEY", "u3"), "c")
	query := func(key, most, unique string) (int32, string) {
		cmd := p.call(command.CodeQueryMessage, wire.Fields{
			{Key: "topic", Value: "T"}, {Key: "key", Value: key}, {Key: "maxNum", Value: most},
			{Key: "beginTimestamp", Value: "0"}, {Key: "endTimestamp", Value: "9999999999999"}, {Key: "_UNIQUE_KEY_QUERY", Value: unique},
		}, nil)
		bodies := ""
		for _, m := range decodeAll(t, cmd.Body) {
			bodies += string(m.Body)
		}
		return cmd.Code, bodies
	}
	for _, x := range []struct {
		key, most, unique, want string
		code                    int32
	}{
		{"k2", "10", "false", "ab", command.Success},
		{"k2", "1", "false", "b", command.Success},
		{"k1", "10", "false", "a", command.Success},
		{"u2", "0", "true", "b", command.Success},
		{"u2", "10", "false", "", command.QueryNotFound},
		{"k", "10", "false", "", command.QueryNotFound},
		{"u3", "10", "true", "", command.QueryNotFound},
	} {
		code, bodies := query(x.key, x.most, x.unique)
		require.Equal(t, x.code, code, "%+v", x)
		require.Equal(t, x.want, bodies, "%+v", x)
	}
}
