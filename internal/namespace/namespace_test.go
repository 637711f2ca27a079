package namespace

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrapUnwrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, namespace, plain, wire string
	}{
		{"topic", "MQ_INST_1", "orders", "MQ_INST_1%orders"},
		{"retry topic", "ns", "%RETRY%group", "%RETRY%ns%group"},
		{"dead-letter topic", "ns", "%DLQ%group", "%DLQ%ns%group"},
		{"no namespace", "", "orders", "orders"},
		{"no name", "ns", "", ""},
		{"system topic", "ns", "TBW102", "TBW102"},
		{"system topic by prefix", "ns", "rmq_sys_TRACE_DATA_cn", "rmq_sys_TRACE_DATA_cn"},
		{"system group", "ns", "CID_RMQ_SYS_TRANS", "CID_RMQ_SYS_TRANS"},
		{"name with a percent sign", "ns", "a%b", "ns%a%b"},
		{"name that begins like the namespace", "ns", "nsorders", "ns%nsorders"},
		{"name equal to the namespace", "ns", "ns", "ns%ns"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.wire, Wrap(tt.namespace, tt.plain))
			require.Equal(t, tt.plain, Unwrap(tt.namespace, tt.wire))
			require.Equal(t, tt.wire, Wrap(tt.namespace, Wrap(tt.namespace, tt.plain)), "wrapping twice")
		})
	}
}

func TestUnwrapLeavesOtherNamespacesAlone(t *testing.T) {
	t.Parallel()
	require.Equal(t, "other%orders", Unwrap("ns", "other%orders"))
	require.Equal(t, "%RETRY%other%g", Unwrap("ns", "%RETRY%other%g"))
	require.Equal(t, "ns%orders", Unwrap("", "ns%orders"))
	require.Equal(t, "orders", Unwrap("ns", "orders"))
}

func TestHas(t *testing.T) {
	t.Parallel()
	require.True(t, Has("ns", "ns%t"))
	require.True(t, Has("ns", "%RETRY%ns%t"))
	require.True(t, Has("ns", "ns%"))
	require.False(t, Has("ns", "ns"))
	require.False(t, Has("", "ns%t"))
	require.False(t, Has("rmq_sys_", "rmq_sys_%t"), "system topics have no namespace")
}
