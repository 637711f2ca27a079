package wire

import (
	"fmt"
	"math"
)

// ParseInt32 reads a decimal number as Java's Integer.parseInt does: an optional sign, digits, nothing else.
func ParseInt32(b []byte) (int32, error) {
	n, ok := parseInt(b, math.MaxInt32)
	if !ok {
		return 0, fmt.Errorf("%q is not a 32-bit number", shorten(b))
	}
	return int32(n), nil
}

// ParseInt64 reads a decimal number as Java's Long.parseLong does.
func ParseInt64(b []byte) (int64, error) {
	n, ok := parseInt(b, math.MaxInt64)
	if !ok {
		return 0, fmt.Errorf("%q is not a 64-bit number", shorten(b))
	}
	return n, nil
}

// ParseBool reads true or false in any case.
func ParseBool(b []byte) (bool, error) {
	switch {
	case equalFoldASCII(b, "TRUE"):
		return true, nil
	case equalFoldASCII(b, "FALSE"):
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false", shorten(b))
}

// parseInt is strconv.ParseInt for bytes, which would have to become a string, and so an allocation, first.
func parseInt(b []byte, limit uint64) (int64, bool) {
	negative := false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative = b[0] == '-'
		b = b[1:]
	}
	if negative {
		limit++ // two's complement has one more below zero
	}
	if len(b) == 0 {
		return 0, false
	}
	var n uint64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		d := uint64(c - '0')
		if n > (limit-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	if negative {
		return -int64(n), true
	}
	return int64(n), true
}

// shorten keeps hostile input out of error texts, which end up in logs.
func shorten(b []byte) []byte {
	const most = 40
	if len(b) > most {
		return b[:most]
	}
	return b
}
