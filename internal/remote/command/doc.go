// Package command holds the requests and responses of the RocketMQ remoting protocol: one file a request code, named
// after it (c310_send_message_v2.go), with its typed headers and bodies in both directions, and the tables of request
// and response codes.
//
// A header implements wire.FieldAppender and wire.FieldSetter. Its fields bear Java's names in Go's spelling; one that
// is a pointer may be absent with a meaning of its own, any other optional one is left out when it has its zero value.
// SetField ignores keys it does not know and leaves fields whose keys do not come untouched.
//
// A body has Encode, which writes standard JSON (but see ResetOffsetBody) with the members in fastjson's order and never
// null for a collection, and Decode, which takes fastjson's dialect and leaves its receiver as it was when it fails.
// EncodeFastjson, where there is one, writes what Java servers write.
package command
