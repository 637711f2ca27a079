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
	raw    []byte
	quote  byte // 0 for a bare token
	escape bool // has a backslash
	dirty  bool // has a control character, which standard JSON does not allow
	high   bool // has a byte above 0x7f
}

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

// scalar reads a string or a bare token (number, literal, unquoted name).
func (s *scanner) scalar() (text, error) {
	if c := s.peek(); c == '"' || c == '\'' {
		return s.quoted(c)
	}
	start := s.i
	for s.i < len(s.b) && isBare(s.b[s.i]) {
		s.i++
	}
	if s.i == start {
		return text{}, s.unexpected()
	}
	return text{raw: s.b[start:s.i:s.i]}, nil
}

func isBare(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '+' || c == '.' || c == '_' || c == '$'
}

func (s *scanner) quoted(quote byte) (text, error) {
	t := text{quote: quote}
	var all byte
	for i := s.i + 1; i < len(s.b); i++ {
		c := s.b[i]
		all |= c
		switch {
		case c == quote:
			t.raw = s.b[s.i+1 : i : i]
			t.high = all >= utf8.RuneSelf
			s.i = i + 1
			return t, nil
		case c == '\\':
			t.escape = true
			i++
		case c < ' ':
			t.dirty = true
		}
	}
	return text{}, errEnd
}

// value resolves the text. The result aliases the input when it is plain, and else scratch, which it returns grown.
func (t *text) value(scratch []byte) (value, newScratch []byte, err error) {
	if !t.escape && (!t.high || utf8.Valid(t.raw)) {
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
func (s *scanner) name(depth int) (text, error) {
	var t text
	var err error
	if s.peek() == '{' {
		start := s.i
		err = s.skip(depth + 1)
		t.raw = s.b[start:s.i:s.i]
	} else {
		t, err = s.scalar()
	}
	if err != nil {
		return t, err
	}
	return t, s.colon()
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
		_, err := s.scalar()
		return err
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
			if _, err := s.name(depth); err != nil {
				return err
			}
		}
		if err := s.skip(depth + 1); err != nil {
			return err
		}
	}
}
