package mqserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func sign(secret, content string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(content))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// The content is what AclUtils.combineRequestContent makes: values by key, then the body.
func TestACL(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1), func(c *Config) { c.Accounts = []Account{{"ak", "sk"}, {"ak2", "sk2"}} })
	fields := func(kv ...string) (f wire.Fields) {
		for i := 0; i < len(kv); i += 2 {
			f = append(f, wire.Field{Key: kv[i], Value: kv[i+1]})
		}
		return f
	}
	for _, x := range []struct {
		name    string
		fields  wire.Fields
		body    string
		version int32
		remark  string
	}{
		{"good", fields("topic", "T", "queueId", "0", "AccessKey", "ak", "Signature", sign("sk", "ak0T")), "", wire.Version, ""},
		{"good, body", fields("topic", "T", "queueId", "0", "AccessKey", "ak", "Signature", sign("sk", "ak0Thi")), "hi", wire.Version, ""},
		{"good, token", fields("topic", "T", "AccessKey", "ak2", "SecurityToken", "tok", "Signature", sign("sk2", "ak2tokT")), "", wire.Version, ""},
		{"old client leaves a field out", fields("topic", "T", "_UNIQUE_KEY_QUERY", "true", "AccessKey", "ak", "Signature", sign("sk", "akT")), "", 399, ""},
		{"new client signs it", fields("topic", "T", "_UNIQUE_KEY_QUERY", "true", "AccessKey", "ak", "Signature", sign("sk", "aktrueT")), "", 401, ""},
		{"anonymous", fields("topic", "T"), "", wire.Version, "username cannot be null."},
		{"no fields", nil, "", wire.Version, "username cannot be null."},
		{"unknown", fields("topic", "T", "AccessKey", "who", "Signature", "x"), "", wire.Version, "User:who is not found."},
		{"wrong secret", fields("topic", "T", "AccessKey", "ak", "Signature", sign("other", "akT")), "", wire.Version, "check signature failed."},
		{"no signature", fields("topic", "T", "AccessKey", "ak"), "", wire.Version, "check signature failed."},
		{"changed afterwards", fields("topic", "T", "x", "1", "AccessKey", "ak", "Signature", sign("sk", "akT")), "", wire.Version, "check signature failed."},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range []wire.Serialization{wire.JSON, wire.RocketMQ} {
				p := dialBroker(t, c)
				p.version, p.serialization = x.version, s
				var body []byte
				if x.body != "" {
					body = []byte(x.body)
				}
				cmd := p.call(command.CodeGetMaxOffset, x.fields, body)
				require.Equal(t, x.remark, cmd.Remark)
				require.Equal(t, x.remark == "", cmd.Code == codeSuccess)
				if x.remark != "" {
					require.Equal(t, command.NoPermission, cmd.Code)
				}
			}
		})
	}
	routeOf(t, dial(t, c.NameServers()[0]).route("T")) // name servers are open
	p := dialBroker(t, c)
	p.write(command.CodeSendMessageV2, wire.FlagOneWay, v2("T"), []byte("x"))
	require.Equal(t, command.NoPermission, p.call(command.CodeGetMaxOffset, nil, nil).Code)
	require.Zero(t, c.StoredCount("T"))
}

func selfSigned(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func TestTLS(t *testing.T) {
	t.Parallel()
	cfg, pool := selfSigned(t)
	c := start(t, func(c *Config) { c.TLS = cfg })
	for _, addr := range []string{c.BrokerAddr("broker-0", 0), c.NameServers()[0]} {
		nc, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: pool})
		require.NoError(t, err)
		p := newPeer(t, nc)
		require.NotZero(t, p.call(9999, nil, nil).Code)

		plain := dial(t, addr)
		plain.write(9999, 0, nil, nil)
		// The alert of the TLS server is no frame.
		require.NoError(t, plain.nc.SetReadDeadline(time.Now().Add(waitFor)))
		_, err = plain.r.Next()
		require.Error(t, err)
	}
	p := dial(t, c.BrokerAddr("broker-0", 0)) // one that never says a word must not keep Close waiting
	require.NotNil(t, p)
}
