package instance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestConfigErrorsSayWhatToDo(t *testing.T) {
	t.Setenv(route.EnvName, "")
	resolver, err := route.StaticResolver("a:1")
	require.NoError(t, err)
	ns := []string{"127.0.0.1:9876"}
	for want, cfg := range map[string]Config{
		"set NAMESRV_ADDR":         {},
		"set one of them":          {NameServers: ns, Resolver: resolver},
		"write host:port":          {NameServers: []string{"a b"}},
		"number from 1 to 65535":   {NameServers: []string{"a:0"}},
		"no secret key":            {NameServers: ns, Credentials: primitive.Credentials{AccessKey: "ak"}},
		"no access key":            {NameServers: ns, Credentials: primitive.Credentials{SecretKey: "sk"}},
		"security token only":      {NameServers: ns, Credentials: primitive.Credentials{SecurityToken: "t"}},
		"ClientIP":                 {NameServers: ns, ClientIP: "10.0.0.1@x"},
		"InstanceName":             {NameServers: ns, InstanceName: "a b"},
		"UnitName":                 {NameServers: ns, UnitName: "a/b"},
		"Namespace":                {NameServers: ns, Namespace: "a%b"},
		"HeartbeatInterval is -1s": {NameServers: ns, HeartbeatInterval: -time.Second},
		"at most a third":          {NameServers: ns, HeartbeatInterval: 2 * time.Minute},
		"RequestTimeout is -1s":    {NameServers: ns, RequestTimeout: -time.Second},
		"RefreshInterval is -1s":   {NameServers: ns, RouteInterval: -time.Second},
		"ConnectTimeout is -1s":    {NameServers: ns, ConnectTimeout: -time.Second},
		"unknown serialization":    {NameServers: ns, Serialization: wire.Serialization(7)},
		"MaxInflight is -1":        {NameServers: ns, MaxInflight: -1},
	} {
		_, err := New(cfg)
		require.ErrorContains(t, err, want)
	}
	_, err = New(Config{})
	require.ErrorIs(t, err, rmqerrors.ErrEmptyNameSrv)
	_, err = New(Config{HeartbeatInterval: -1, ClientIP: " "})
	require.ErrorContains(t, err, "HeartbeatInterval")
	require.ErrorContains(t, err, "ClientIP", "all that is wrong is said at once")

	t.Setenv(route.EnvName, "a b")
	_, err = New(Config{})
	require.ErrorIs(t, err, rmqerrors.ErrIllegalIP)
	require.ErrorContains(t, err, route.EnvName)
	t.Setenv(route.EnvName, "127.0.0.1:9876;127.0.0.2:9876")
	_, err = New(Config{})
	require.NoError(t, err)
}

func TestAnEndpointIsPolled(t *testing.T) {
	t.Parallel()
	c, err := New(Config{NameServers: []string{"http://127.0.0.1:1/rocketmq/nsaddr"}, RequestTimeout: time.Second})
	require.NoError(t, err)
	require.NoError(t, c.Acquire(t.Context()), "an endpoint that is down is no reason not to start")
	defer release(t, c)
	_, err = c.Routes().Topic(t.Context(), "T")
	require.ErrorIs(t, err, rmqerrors.ErrNoNameserver)
}
