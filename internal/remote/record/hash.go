package record

import "unicode/utf8"

// JavaHash is java.lang.String.hashCode: h = 31·h + unit over the UTF-16 units of s, wrapped to 32 bits. A code
// point outside the basic plane counts as its two surrogates; each byte that is not valid UTF-8 counts as U+FFFD.
func JavaHash(s string) int32 {
	var h int32
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			h = 31*h + int32(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r >= 0x10000 {
			r -= 0x10000
			h = 31*h + 0xD800 + r>>10
			r = 0xDC00 + r&0x3FF
		}
		h = 31*h + r
	}
	return h
}

// TagHash is the code by which brokers filter a tag: JavaHash, 0 for the empty tag (Java:
// MessageExtBrokerInner.tagsString2tagsCode).
func TagHash(tag string) int32 { return JavaHash(tag) }
