package test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

const accounts4 = `
accounts:
- accessKey: rocketmq-go
  secretKey: "12345678"
  admin: true
- accessKey: restricted
  secretKey: "87654321"
  admin: false
  defaultTopicPerm: DENY
  defaultGroupPerm: SUB
  topicPerms:
  - acl_allowed=PUB|SUB
`

// TestACL4 signs requests for the access control of 4.x.
func TestACL4(t *testing.T) {
	cluster := broker.Start(t, broker.Config{
		Version:    broker.V4_9_7,
		BrokerConf: []string{"aclEnable=true"},
		Files:      map[string]string{"plain_acl.yml": accounts4},
	})
	checkCredentials(t, cluster.NameServers())

	// An account that may use one topic only.
	p, err := rocketmq.NewProducer(producer.WithNameServer(cluster.NameServers()), producer.WithGroupName("GID_acl_restricted"),
		producer.WithCredentials(primitive.Credentials{AccessKey: "restricted", SecretKey: "87654321"}), producer.WithRetry(0))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	_, err = p.SendSync(context.Background(), primitive.NewMessage("acl_allowed", []byte("x")))
	require.NoError(t, err)
	_, err = p.SendSync(context.Background(), primitive.NewMessage("acl_denied", []byte("x")))
	var failed *primitive.SendError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, primitive.OutcomeRejected, failed.Outcome)
	require.ErrorIs(t, err, errors.ErrNoPermission)
}

// TestACL5 signs requests for the authentication of 5.x.
func TestACL5(t *testing.T) {
	cluster := broker.Start(t, broker.Config{Version: broker.V5_4_0, BrokerConf: []string{
		"authenticationEnabled=true",
		"authenticationProvider=org.apache.rocketmq.auth.authentication.provider.DefaultAuthenticationProvider",
		"authenticationMetadataProvider=org.apache.rocketmq.auth.authentication.provider.LocalAuthenticationMetadataProvider",
		`initAuthenticationUser={"username":"rocketmq-go","password":"12345678"}`,
		`innerClientAuthenticationCredentials={"accessKey":"rocketmq-go","secretKey":"12345678"}`,
		"authorizationEnabled=true",
		"authorizationProvider=org.apache.rocketmq.auth.authorization.provider.DefaultAuthorizationProvider",
		"authorizationMetadataProvider=org.apache.rocketmq.auth.authorization.provider.LocalAuthorizationMetadataProvider",
	}})
	checkCredentials(t, cluster.NameServers())
}

// checkCredentials sends and consumes with good keys, in both header encodings,
// and wants typed errors for bad ones.
func checkCredentials(t *testing.T, nameServers []string) {
	good := primitive.Credentials{AccessKey: "rocketmq-go", SecretKey: "12345678"}
	for _, encoding := range []primitive.Serialization{primitive.SerializationJSON, primitive.SerializationRocketMQ} {
		topic := "acl_" + map[primitive.Serialization]string{primitive.SerializationJSON: "json", primitive.SerializationRocketMQ: "binary"}[encoding]
		roundTrip(t, topic, nameServers,
			[]producer.Option{producer.WithCredentials(good), producer.WithSerialization(encoding)},
			[]consumer.Option{consumer.WithCredentials(good)})
	}
	for name, bad := range map[string]primitive.Credentials{
		"wrong secret":  {AccessKey: "rocketmq-go", SecretKey: "00000000"},
		"unknown key":   {AccessKey: "nobody", SecretKey: "12345678"},
		"no credential": {},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			opts := []producer.Option{producer.WithNameServer(nameServers), producer.WithGroupName("GID_acl_bad"), producer.WithRetry(0)}
			if !bad.IsEmpty() {
				opts = append(opts, producer.WithCredentials(bad))
			}
			p, err := rocketmq.NewProducer(opts...)
			require.NoError(t, err)
			if err = p.Start(); err == nil {
				_, err = p.SendSync(context.Background(), primitive.NewMessage("acl_json", []byte("x")))
				require.NoError(t, p.Shutdown())
			}
			t.Log(err)
			require.Error(t, err)
			var refused *primitive.BrokerError
			require.ErrorAs(t, err, &refused)
			require.ErrorIs(t, err, errors.ErrNoPermission)
			require.Less(t, time.Since(began), 5*time.Second)
		})
	}
}

// roundTrip sends ten messages and consumes them.
func roundTrip(t *testing.T, topic string, nameServers []string, send []producer.Option, receive []consumer.Option) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p, err := rocketmq.NewProducer(append([]producer.Option{
		producer.WithNameServer(nameServers), producer.WithGroupName("GID_" + topic + "_p"), producer.WithSendMsgTimeout(10 * time.Second),
	}, send...)...)
	require.NoError(t, err)
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	for range 10 {
		m := primitive.NewMessage(topic, []byte("тело"))
		m.WithTag("标签").WithKeys([]string{"k"})
		_, err := p.SendSync(ctx, m)
		require.NoError(t, err)
	}
	c, err := rocketmq.NewPushConsumer(append([]consumer.Option{
		consumer.WithNameServer(nameServers), consumer.WithGroupName("GID_" + topic), consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
	}, receive...)...)
	require.NoError(t, err)
	got := make(chan string, 100)
	require.NoError(t, c.Subscribe(topic, consumer.MessageSelector{}, func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for _, m := range msgs {
			got <- string(m.Body)
		}
		return consumer.ConsumeSuccess, nil
	}))
	require.NoError(t, c.Start())
	defer func() { require.NoError(t, c.Shutdown()) }()
	for i := range 10 {
		select {
		case body := <-got:
			require.Equal(t, "тело", body)
		case <-ctx.Done():
			t.Fatalf("%d of 10 messages came", i)
		}
	}
}

// TestTLS talks to servers that demand TLS and a client certificate.
func TestTLS(t *testing.T) {
	for _, version := range []string{broker.V4_9_7, broker.V5_4_0} {
		t.Run(version, func(t *testing.T) {
			ca := newAuthority(t)
			server, client := ca.issue(t, "localhost"), ca.issue(t, "client")
			pool := x509.NewCertPool()
			require.True(t, pool.AppendCertsFromPEM([]byte(ca.pem)))
			pair, err := tls.X509KeyPair([]byte(client.cert), []byte(client.key))
			require.NoError(t, err)
			good := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool, Certificates: []tls.Certificate{pair}}
			cluster := broker.Start(t, broker.Config{
				Version:     version,
				ObserverTLS: good,
				Properties: []string{
					"tls.server.mode=enforcing", "tls.enable=true", "tls.test.mode.enable=false", "tls.config.file={conf}/tls.properties",
				},
				Files: map[string]string{
					"ca.pem": ca.pem, "server.pem": server.cert, "server.key": server.key,
					"tls.properties": "tls.test.mode.enable=false\ntls.server.need.client.auth=require\ntls.server.authClient=true\n" +
						"tls.server.keyPath={conf}/server.key\ntls.server.certPath={conf}/server.pem\ntls.server.trustCertPath={conf}/ca.pem\n" +
						"tls.client.keyPath={conf}/server.key\ntls.client.certPath={conf}/server.pem\n" +
						"tls.client.authServer=true\ntls.client.trustCertPath={conf}/ca.pem\n",
				},
			})
			roundTrip(t, "tls", cluster.NameServers(), []producer.Option{producer.WithTLSConfig(good)}, []consumer.Option{consumer.WithTLSConfig(good)})

			for name, bad := range map[string]*tls.Config{
				"no client certificate": {MinVersion: tls.VersionTLS12, RootCAs: pool},
				"unknown authority":     {MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool(), Certificates: good.Certificates},
				"wrong name":            {MinVersion: tls.VersionTLS12, RootCAs: pool, Certificates: good.Certificates, ServerName: "elsewhere.test"},
				"plain text":            nil,
			} {
				t.Run(name, func(t *testing.T) {
					opts := []producer.Option{producer.WithNameServer(cluster.NameServers()), producer.WithGroupName("GID_tls_bad"), producer.WithRetry(0)}
					if bad != nil {
						opts = append(opts, producer.WithTLSConfig(bad))
					}
					p, err := rocketmq.NewProducer(opts...)
					require.NoError(t, err)
					if err = p.Start(); err == nil {
						_, err = p.SendSync(context.Background(), primitive.NewMessage("tls", []byte("x")))
						require.NoError(t, p.Shutdown())
					}
					t.Log(err)
					require.Error(t, err)
				})
			}
		})
	}
}

type authority struct {
	pem  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

type issued struct{ cert, key string }

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "rocketmq-go test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{pem: encodePEM("CERTIFICATE", der), cert: cert, key: key}
}

func (a *authority) issue(t *testing.T, name string) issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return issued{cert: encodePEM("CERTIFICATE", der), key: encodePEM("PRIVATE KEY", pkcs8)}
}

func encodePEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
