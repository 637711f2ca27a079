package primitive

// Credentials sign the requests to brokers with access control.
type Credentials struct {
	AccessKey string
	SecretKey string
	// SecurityToken goes with temporary credentials.
	SecurityToken string
}

// IsEmpty reports whether there is nothing to sign with: access key or secret key is missing.
func (c Credentials) IsEmpty() bool { return c.AccessKey == "" || c.SecretKey == "" }

// String names the access key and hides the rest.
func (c Credentials) String() string {
	return "Credentials [accessKey=" + c.AccessKey + ", secretKey=" + hidden(c.SecretKey) + ", securityToken=" + hidden(c.SecurityToken) + "]"
}

// GoString is String, so that no format verb prints a secret.
func (c Credentials) GoString() string { return c.String() }

func hidden(secret string) string {
	if secret == "" {
		return ""
	}
	return "***"
}
