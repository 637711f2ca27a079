package remote

import (
	"context"
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

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// authority is a certificate authority that lives as long as the test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	a := &authority{cert: cert, key: key, pool: x509.NewCertPool()}
	a.pool.AddCert(cert)
	return a
}

// issue signs a certificate for the names, valid until end.
func (a *authority) issue(t *testing.T, end time.Time, names ...string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: end,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca, otherCA := newAuthority(t), newAuthority(t)
	later := time.Now().Add(time.Hour)
	good := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, later, "127.0.0.1", "broker.test")}}
	expired := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, time.Now().Add(-time.Minute), "127.0.0.1")}}
	wrongName := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, later, "elsewhere.test")}}

	for name, tc := range map[string]struct {
		server, client *tls.Config
		check          func(t *testing.T, err error)
	}{
		"name taken from the address": {good, &tls.Config{RootCAs: ca.pool}, nil},
		"name given":                  {good, &tls.Config{RootCAs: ca.pool, ServerName: "broker.test"}, nil},
		"unknown authority": {good, &tls.Config{RootCAs: otherCA.pool}, func(t *testing.T, err error) {
			require.ErrorAs(t, err, new(x509.UnknownAuthorityError))
		}},
		"wrong name": {wrongName, &tls.Config{RootCAs: ca.pool}, func(t *testing.T, err error) {
			require.ErrorAs(t, err, new(x509.HostnameError))
		}},
		"expired": {expired, &tls.Config{RootCAs: ca.pool}, func(t *testing.T, err error) {
			var invalid x509.CertificateInvalidError
			require.ErrorAs(t, err, &invalid)
			require.Equal(t, x509.Expired, invalid.Reason)
		}},
		"no verification on demand": {expired, &tls.Config{InsecureSkipVerify: true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := serveTLS(t, tc.server, echo)
			c := newClient(t, Config{TLS: tc.client})
			resp, err := c.Invoke(context.Background(), srv.addr, &Request{Body: []byte("secret")})
			if tc.check == nil {
				require.NoError(t, err)
				require.Equal(t, "secret", string(resp.Body))
				return
			}
			e := failure(t, err)
			require.Equal(t, "dial", e.Op)
			require.False(t, e.Sent)
			tc.check(t, err)
			_, again := c.Invoke(context.Background(), srv.addr, &Request{})
			tc.check(t, again) // during the backoff too
		})
	}
}

func TestMutualTLS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	later := time.Now().Add(time.Hour)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		server := &tls.Config{
			Certificates: []tls.Certificate{ca.issue(t, later, "127.0.0.1")},
			ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: ca.pool, MaxVersion: version,
		}
		srv := serveTLS(t, server, echo)
		with := newClient(t, Config{TLS: &tls.Config{RootCAs: ca.pool, Certificates: []tls.Certificate{ca.issue(t, later, "client")}}})
		invoke(t, with, srv.addr, "let me in")

		// Under TLS 1.3 the refusal comes after the client's handshake, at the first read.
		without := newClient(t, Config{TLS: &tls.Config{RootCAs: ca.pool}})
		_, err := without.Invoke(context.Background(), srv.addr, &Request{})
		_ = failure(t, err)
		var op *net.OpError
		require.ErrorAs(t, err, &op)
		require.Equal(t, "remote error", op.Op)
		require.Equal(t, version == tls.VersionTLS13, failure(t, err).Op != "dial")
	}
}

// One client's TLS and credentials are nothing to another client of the process.
func TestSettingsAreSeparate(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	plainFields := make(chan map[string]string, 10)
	record := func(to chan map[string]string) func(c *scriptedConn) {
		return func(c *scriptedConn) {
			for cmd := c.next(); cmd != nil; cmd = c.next() {
				to <- cmd.FieldMap()
				c.answer(cmd)
			}
		}
	}
	tlsFields := make(chan map[string]string, 10)
	plain := serve(t, record(plainFields))
	secure := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, time.Now().Add(time.Hour), "127.0.0.1")}}, record(tlsFields))

	shared := &tls.Config{RootCAs: ca.pool}
	a := newClient(t, Config{TLS: shared, Signer: NewACLSigner("alice", "sa", "")})
	b := newClient(t, Config{Signer: NewACLSigner("bob", "sb", "")})
	anonymous := newClient(t, Config{})
	for range 3 {
		invoke(t, a, secure.addr, "x")
		require.Equal(t, "alice", (<-tlsFields)["AccessKey"])
		invoke(t, b, plain.addr, "x")
		require.Equal(t, "bob", (<-plainFields)["AccessKey"])
		invoke(t, anonymous, plain.addr, "x")
		require.Empty(t, <-plainFields)
	}
	require.Empty(t, shared.ServerName, "the caller's TLS config is not written to")
}

func TestTLSAgainstPlainPeer(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) })
	c := newClient(t, Config{TLS: &tls.Config{}})
	_, err := c.Invoke(context.Background(), srv.addr, &Request{})
	var header tls.RecordHeaderError
	require.ErrorAs(t, err, &header)
}

// A handshake that hangs ends at ConnectTimeout, and a caller may leave earlier.
func TestHangingHandshake(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	srv := serve(t, func(*scriptedConn) { <-hold })
	t.Cleanup(func() { close(hold) })
	c := newClient(t, Config{TLS: &tls.Config{}, ConnectTimeout: 200 * time.Millisecond})
	start := time.Now()
	patient := make(chan error, 1)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: start.Add(time.Minute)}, func(_ *wire.Command, err error) { patient <- err })
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := c.Invoke(ctx, srv.addr, &Request{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 200*time.Millisecond)
	err = <-patient
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, "dial", failure(t, err).Op)
	require.Less(t, time.Since(start), 5*time.Second)
}

// The reader looks at deadlines by letting reads time out: under TLS too it must go on afterwards.
func TestDeadlinesUnderTLS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	srv := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, time.Now().Add(time.Hour), "127.0.0.1")}}, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			if cmd.Code == 1 {
				c.answer(cmd)
			}
		}
	})
	c := newClient(t, Config{TLS: &tls.Config{RootCAs: ca.pool}})
	for range 5 {
		invoke(t, c, srv.addr, "answered")
		_, err := c.Invoke(context.Background(), srv.addr, &Request{Code: 2, Deadline: time.Now().Add(10 * time.Millisecond)})
		require.ErrorIs(t, err, ErrTimeout)
	}
	require.EqualValues(t, 1, srv.accepted.Load())
}
