// Package namespace converts between the names that an application uses for
// topics and groups and the names on the wire when a namespace (v1) is set, as
// Java's NamespaceUtil does: topic T of namespace NS is "NS%T" to the broker.
package namespace
