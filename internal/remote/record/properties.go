package record

import (
	"errors"
	"fmt"
	"strings"
)

// Separators of the properties text: name 0x01 value 0x02 name 0x01 value 0x02 … (Java: MessageDecoder).
const (
	NameValueSeparator = '\x01'
	PropertySeparator  = '\x02'
)

// MaxPropertiesSize is the length in bytes that the properties text of one message may have: the length field is a
// signed 16-bit number.
const MaxPropertiesSize = 1<<15 - 1

// ErrProperty is wrapped by the errors of CheckProperty.
var ErrProperty = errors.New("illegal message property")

// AppendProperty appends one pair in the properties text. A pair with an empty name or value is left out, because
// no reader would keep it. Names and values must have passed CheckProperty.
func AppendProperty(dst []byte, key, value string) []byte {
	if key == "" || value == "" {
		return dst
	}
	dst = append(dst, key...)
	dst = append(dst, NameValueSeparator)
	dst = append(dst, value...)
	return append(dst, PropertySeparator)
}

// CheckProperty reports a name or value that the properties text cannot carry: neither may contain one of the two
// separators, and a name may not be empty. The error wraps ErrProperty.
func CheckProperty(key, value string) error {
	switch {
	case key == "":
		return fmt.Errorf("%w: the name is empty (value %.64q)", ErrProperty, value)
	case hasSeparator(key):
		return fmt.Errorf("%w: the name %.64q contains a separator (byte 0x01 or 0x02)", ErrProperty, key)
	case hasSeparator(value):
		return fmt.Errorf("%w: the value of %.64q contains a separator (byte 0x01 or 0x02)", ErrProperty, key)
	}
	return nil
}

func hasSeparator(s string) bool {
	return strings.IndexByte(s, NameValueSeparator) >= 0 || strings.IndexByte(s, PropertySeparator) >= 0
}

// EachProperty calls f for each pair of a properties text, in its order, until f returns false. Pairs without a
// name or with an empty value are dropped and the last separator is optional, as in Java's
// MessageDecoder.string2messageProperties. A name can come twice: the last one counts.
func EachProperty(props string, f func(key, value string) bool) {
	for props != "" {
		key, value, rest := nextProperty(props)
		if key != "" && !f(key, value) {
			return
		}
		props = rest
	}
}

// LookupProperty returns the value of a name and whether there is one. It allocates nothing.
func LookupProperty(props, key string) (string, bool) {
	if key == "" {
		return "", false
	}
	found := ""
	for props != "" {
		k, v, rest := nextProperty(props)
		if k == key {
			found = v
		}
		props = rest
	}
	return found, found != ""
}

// nextProperty cuts the first pair off; key is empty when the pair is to be dropped.
func nextProperty(props string) (key, value, rest string) {
	pair := props
	if end := strings.IndexByte(props, PropertySeparator); end >= 0 {
		pair, rest = props[:end], props[end+1:]
	}
	sep := strings.IndexByte(pair, NameValueSeparator)
	if sep <= 0 || sep == len(pair)-1 {
		return "", "", rest
	}
	return pair[:sep], pair[sep+1:], rest
}
