package namespace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/namespace"
)

func TestWrapAndUnwrap(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ ns, name, wire string }{
		{"", "T", "T"},
		{"ns", "", ""},
		{"ns", "T", "ns%T"},
		{"MQ_INST_1_2", "GID", "MQ_INST_1_2%GID"},
		{"ns", "%RETRY%G", "%RETRY%ns%G"},
		{"ns", "%DLQ%G", "%DLQ%ns%G"},
		{"ns", "TBW102", "TBW102"},
		{"ns", "rmq_sys_wheel_timer", "rmq_sys_wheel_timer"},
		{"ns", "CID_RMQ_SYS_TRANS", "CID_RMQ_SYS_TRANS"},
		{"ns", "nsT", "ns%nsT"},
	} {
		t.Run(tc.ns+"/"+tc.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.wire, namespace.Wrap(tc.ns, tc.name))
			require.Equal(t, tc.wire, namespace.Wrap(tc.ns, namespace.Wrap(tc.ns, tc.name)), "wrapping twice")
			require.Equal(t, tc.name, namespace.Unwrap(tc.ns, tc.wire))
		})
	}
}

func TestUnwrapLeavesOtherNamespacesAlone(t *testing.T) {
	t.Parallel()
	require.Equal(t, "other%T", namespace.Unwrap("ns", "other%T"))
	require.Equal(t, "%RETRY%other%G", namespace.Unwrap("ns", "%RETRY%other%G"))
	require.Equal(t, "ns%T", namespace.Unwrap("", "ns%T"))
	require.Equal(t, "ns", namespace.Unwrap("ns", "ns"))
}
