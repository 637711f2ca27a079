package producer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
)

// certificate makes one for 127.0.0.1, signed by itself, and the pool that trusts it.
func certificate(t *testing.T, expires time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "broker"},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: expires,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestTLS(t *testing.T) {
	t.Parallel()
	cert, pool := certificate(t, time.Now().Add(time.Hour))
	expired, expiredPool := certificate(t, time.Now().Add(-time.Hour))
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithTLS(&tls.Config{Certificates: []tls.Certificate{cert}}))
	old := mqtest.Start(t, mqtest.WithTLS(&tls.Config{Certificates: []tls.Certificate{expired}}))

	t.Run("trusted", func(t *testing.T) {
		t.Parallel()
		sendsOne(t, unstarted(t, c, WithTLSConfig(&tls.Config{RootCAs: pool})))
	})
	tests := []struct {
		name string
		c    *mqtest.Cluster
		opt  Option
		want any
	}{
		{"WithTls verifies", c, WithTls(true), new(x509.UnknownAuthorityError)},
		{"wrong authority", c, WithTLSConfig(&tls.Config{RootCAs: x509.NewCertPool()}), new(x509.UnknownAuthorityError)},
		{"wrong name", c, WithTLSConfig(&tls.Config{RootCAs: pool, ServerName: "elsewhere"}), new(x509.HostnameError)},
		{"expired", old, WithTLSConfig(&tls.Config{RootCAs: expiredPool}), new(x509.CertificateInvalidError)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := unstarted(t, tt.c, tt.opt)
			start := time.Now()
			err := p.Start()
			require.Error(t, err)
			require.ErrorAs(t, err, tt.want)
			require.Less(t, time.Since(start), 2*time.Second)
			require.NoError(t, p.Shutdown())
		})
	}
}

func TestTLSToAPlainServer(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := unstarted(t, c, WithTls(true))
	if err := p.Start(); err == nil {
		_, err = p.SendSync(background(t), message("orders", "x"))
		require.Error(t, err)
	}
	require.NoError(t, p.Shutdown())
}

// V18: TLS of one client says nothing about the others of the process.
func TestV18_TLSOfOneProducerLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	cert, pool := certificate(t, time.Now().Add(time.Hour))
	secret := mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithTLS(&tls.Config{Certificates: []tls.Certificate{cert}}))
	plain := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	before := newProducer(t, plain)
	config := &tls.Config{RootCAs: pool}
	a := newProducer(t, secret, WithTLSConfig(config), WithTls(true))
	b := newProducer(t, plain)
	require.Empty(t, config.ServerName, "the configuration given is not written to")
	for range 3 {
		for _, p := range []*DefaultProducer{before, a, b} {
			_, err := p.SendSync(background(t), message("orders", "x"))
			require.NoError(t, err)
		}
	}
	require.Equal(t, 3, secret.StoredCount("orders"))
	require.Equal(t, 6, plain.StoredCount("orders"))
}
