package mqserver

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

const (
	fieldAccessKey = "AccessKey"
	fieldSignature = "Signature"

	// fieldUniqueKeyQuery is left out of what clients up to 4.9.3 sign (DefaultAuthenticationContextBuilder).
	fieldUniqueKeyQuery   = "_UNIQUE_KEY_QUERY"
	lastWithoutUniqueFlag = 399
)

// acl verifies signatures as 5.x brokers do (DefaultAuthenticationHandler). There is no authorization: every account
// may do everything.
type acl map[string]string // secret by access key; empty: everybody is let in

// check returns why a request is refused, and an empty text when it is not.
func (a acl) check(r *request) string {
	if len(a) == 0 {
		return ""
	}
	fields := r.FieldMap()
	user := fields[fieldAccessKey]
	if user == "" {
		return "username cannot be null."
	}
	secret, known := a[user]
	if !known {
		return fmt.Sprintf("User:%s is not found.", user)
	}
	if !hmac.Equal([]byte(signature(secret, r.Command, fields)), []byte(fields[fieldSignature])) {
		return "check signature failed."
	}
	return ""
}

// signature is base64 of HMAC-SHA1 over the values of all fields but the signature, in the order of their keys,
// followed by the body.
func signature(secret string, cmd *wire.Command, fields map[string]string) string {
	keys := make([]string, 0, len(fields))
	for k := range fields {
		if k == fieldSignature || k == fieldUniqueKeyQuery && cmd.Version <= lastWithoutUniqueFlag {
			continue
		}
		keys = append(keys, k)
	}
	slices.Sort(keys)
	mac := hmac.New(sha1.New, []byte(secret))
	for _, k := range keys {
		mac.Write([]byte(fields[k]))
	}
	mac.Write(cmd.Body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
