// Package wire encodes and decodes the frames of the RocketMQ remoting protocol: the length, the header in one of its
// two serializations, and the extension fields. It knows no request code and opens no connection.
//
//	int32  length         bytes that follow
//	int32  type << 24 | n  type 0 is JSON, 1 is ROCKETMQ (binary); n is the length of the header
//	byte[] header         n bytes: code, flag, opaque, …, and the extension fields (string → string)
//	byte[] body           the rest
//
// Nothing here goes through maps or reflection. A request's header type appends its fields one by one to a FieldWriter
// (FieldAppender), a response's header type is offered each field as two slices of the frame (FieldSetter).
//
// What a peer sends is not trusted: every length is checked before it is used, nesting is bounded, and a frame that
// does not hold together is a *FrameError.
//
// The reference is Java's org.apache.rocketmq.remoting.protocol.RemotingCommand, RocketMQSerializable and, for JSON,
// fastjson, whose dialect Normalize turns into standard JSON.
package wire
