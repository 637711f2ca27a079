package wire

import (
	"errors"
	"unicode/utf8"
)

// The scanner reads what fastjson reads: standard JSON and, beyond it, strings in single quotes, names without quotes,
// numbers and whole objects as names, and a comma before a closing bracket.
type scanner struct {
	b        []byte
	i        int
	trailing int // see next
}

var (
	errEnd   = errors.New("unexpected end of JSON")
	errDepth = errors.New("JSON nests too deep")
	errToken = errors.New("unexpected character in JSON")
)

// text is one scalar: the bytes between the quotes, or the bare token.
type text struct {
	raw   []byte
	quote byte // 0 for a bare token
	seen  byte // classes of the bytes between the quotes
}

// Classes of bytes in a string.
const (
	classEnd     = 1 << iota // may end the string: a quote
	classEscape              // backslash
	classControl             // control character, which standard JSON does not allow
	classHigh                // above 0x7f: may not be UTF-8
)

var stringClass = func() (class [256]byte) {
	for c := range class {
		switch {
		case c == '"' || c == '\'':
			class[c] = classEnd
		case c == '\\':
			class[c] = classEscape
		case c < ' ':
			class[c] = classControl
		case c >= utf8.RuneSelf:
			class[c] = classHigh
		}
	}
	return class
}()

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r', '\f', '\b':
			s.i++
		default:
			return
		}
	}
}

// peek skips white space and returns the next byte without consuming it, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) unexpected() error {
	if s.i >= len(s.b) {
		return errEnd
	}
	return errToken
}

// scalar reads a string or a bare token (number, literal, unquoted name) into t: these are hot, and returning a text
// through several calls shows.
func (s *scanner) scalar(t *text) error {
	if c := s.peek(); c == '"' || c == '\'' {
		return s.quoted(t, c)
	}
	start := s.i
	for s.i < len(s.b) && isBare(s.b[s.i]) {
		s.i++
	}
	if s.i == start {
		return s.unexpected()
	}
	t.raw, t.quote, t.seen = s.b[start:s.i:s.i], 0, 0
	return nil
}

func isBare(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '+' || c == '.' || c == '_' || c == '$'
}

func (s *scanner) quoted(t *text, quote byte) error {
	b, start := s.b, s.i+1
	var seen byte
	for i := start; i < len(b); i++ {
		class := stringClass[b[i]]
		if class == 0 {
			continue
		}
		if class == classEnd && b[i] == quote {
			t.raw, t.quote, t.seen = b[start:i:i], quote, seen
			s.i = i + 1
			return nil
		}
		seen |= class
		if class == classEscape {
			i++
		}
	}
	s.i = len(b)
	return errEnd
}

// value resolves the text. The result aliases the input when it is plain, and else scratch, which it returns grown.
func (t *text) value(scratch []byte) (value, newScratch []byte, err error) {
	if t.seen&(classEscape|classHigh) == 0 || t.seen&classEscape == 0 && utf8.Valid(t.raw) {
		return t.raw, scratch, nil
	}
	scratch, err = appendUnquoted(scratch[:0], t.raw)
	return scratch, scratch, err
}

func (t *text) isNull() bool { return t.quote == 0 && string(t.raw) == "null" }

// next steps to the next element of an object or list: first says that only the opening bracket has been read, else an
// element has. It returns false once it has consumed the closing bracket. The comma is allowed, not demanded, before
// the closing bracket; trailing then has its index, and is -1 otherwise.
func (s *scanner) next(closing byte, first bool) (more bool, err error) {
	s.trailing = -1
	if !first {
		switch s.peek() {
		case ',':
			s.trailing = s.i
			s.i++
		case closing:
		default:
			return false, s.unexpected()
		}
	}
	if s.peek() != closing {
		return true, nil
	}
	s.i++
	return false, nil
}

// name reads the name of a member and the colon after it. An object used as a name is passed as its text.
func (s *scanner) name(t *text, depth int) error {
	if s.peek() == '{' {
		start := s.i
		if err := s.skip(depth + 1); err != nil {
			return err
		}
		*t = text{raw: s.b[start:s.i:s.i]}
	} else if err := s.scalar(t); err != nil {
		return err
	}
	return s.colon()
}

func (s *scanner) colon() error {
	if s.peek() != ':' {
		return s.unexpected()
	}
	s.i++
	return nil
}

// skip consumes one value of any kind.
func (s *scanner) skip(depth int) error {
	opening := s.peek()
	closing := byte('}')
	switch opening {
	case '{':
	case '[':
		closing = ']'
	default:
		return s.scalar(new(text))
	}
	if depth > maxDepth {
		return errDepth
	}
	s.i++
	for first := true; ; first = false {
		if more, err := s.next(closing, first); !more {
			return err
		}
		if opening == '{' {
			if err := s.name(new(text), depth); err != nil {
				return err
			}
		}
		if err := s.skip(depth + 1); err != nil {
			return err
		}
	}
}
