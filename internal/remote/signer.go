package remote

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"hash"
	"io"
	"slices"
	"sync"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Field names of Java's SessionCredentials.
const (
	fieldAccessKey     = "AccessKey"
	fieldSecurityToken = "SecurityToken"
	fieldSignature     = "Signature"
)

// NewACLSigner returns the signer for RocketMQ's access control (Java: AclClientRPCHook, AclUtils,
// AclSigner): it adds AccessKey and, if there is one, SecurityToken, and signs the values of all
// fields in the order of their keys, followed by the body, with HMAC-SHA1 and the secret key. It is
// safe for concurrent use and does not show the credentials when printed.
func NewACLSigner(accessKey, secretKey, securityToken string) Signer {
	s := &aclSigner{accessKey: accessKey, securityToken: securityToken}
	s.states.New = func() any {
		return &signerState{mac: hmac.New(sha1.New, []byte(secretKey))}
	}
	return s
}

type aclSigner struct {
	accessKey     string
	securityToken string
	states        sync.Pool // of *signerState; they hold the secret key
}

type signerState struct {
	mac     hash.Hash
	content []byte
	sum     [sha1.Size]byte
}

// keptContent bounds the scratch memory that a pooled state keeps.
const keptContent = 16 << 10

func (s *aclSigner) Sign(fields []wire.Field, body []byte) []wire.Field {
	fields = slices.DeleteFunc(fields, func(f wire.Field) bool { return f.Key == fieldSignature })
	fields = setField(fields, fieldAccessKey, s.accessKey)
	if s.securityToken != "" {
		fields = setField(fields, fieldSecurityToken, s.securityToken)
	}
	slices.SortFunc(fields, func(a, b wire.Field) int { return compareUTF16(a.Key, b.Key) })

	st := s.states.Get().(*signerState)
	st.content = st.content[:0]
	for i := range fields {
		st.content = append(st.content, fields[i].Value...)
	}
	st.mac.Reset()
	st.mac.Write(st.content)
	st.mac.Write(body)
	signature := base64.StdEncoding.EncodeToString(st.mac.Sum(st.sum[:0]))
	if cap(st.content) <= keptContent {
		s.states.Put(st)
	}
	return append(fields, wire.Field{Key: fieldSignature, Value: signature})
}

// Format keeps the credentials out of logs and errors, whatever verb is used.
func (s *aclSigner) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "ACL signer") }

// compareUTF16 compares as Java's String does, by UTF-16 code units. That differs from the order of the
// UTF-8 bytes in one case: characters beyond U+FFFF (first byte F0 and up), which Java stores as
// surrogates, come before U+E000 to U+FFFF (first byte EE or EF).
func compareUTF16(a, b string) int {
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0) {
			x, y = y, x
		}
		return cmp.Compare(x, y)
	}
	return cmp.Compare(len(a), len(b))
}

// setField replaces the value of key, or appends the field.
func setField(fields []wire.Field, key, value string) []wire.Field {
	for i := range fields {
		if fields[i].Key == key {
			fields[i].Value = value
			return fields
		}
	}
	return append(fields, wire.Field{Key: key, Value: value})
}
