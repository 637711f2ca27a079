// Package conformance is the list of behaviours that the client must show on
// every RocketMQ release, written once as cases. The package's own test runs
// them on the embedded broker; test/ runs them on real brokers, so that the
// embedded broker is held to the same answers.
//
// Cases use the public API, and look at the cluster through
// internal/conformance/observe, which shares no connection code with the
// client.
package conformance
