// Package record is the codec of what a broker stores: message records (versions 1 and 2), the records inside a
// batch, the properties text, compressed bodies, tag hashes and message ids.
//
// Byte layouts are those of the Java classes MessageDecoder, MessageExtEncoder, MessageSysFlag, MessageConst,
// MessageClientIDSetter and the compression package of Apache RocketMQ. Everything read from the network is taken
// as hostile: each length is checked before it is used, and decompression is bounded.
//
// The package knows nothing of connections, clients or the public message types.
package record
