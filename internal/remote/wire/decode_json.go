package wire

// decodeJSON reads a JSON header (Java: RemotingSerializable, by fastjson). Members that are not known are skipped,
// but code and opaque must be there: without them an answer could be taken for a success, or for somebody else's.
func decodeJSON(c *Command, h []byte) error {
	s := scanner{b: h}
	if s.peek() != '{' {
		return badFrame(h, "a JSON header must be an object")
	}
	s.i++
	seen, err := s.head(c)
	if err != nil {
		return badFrame(h, "JSON header, byte %d: %v", s.i, err)
	}
	if s.space(); s.i != len(h) {
		return badFrame(h, "%d bytes follow the JSON header", len(h)-s.i)
	}
	if seen != seenCode|seenOpaque {
		return badFrame(h, "a JSON header must have code and opaque")
	}
	return nil
}

const (
	seenCode = 1 << iota
	seenOpaque
)

func (s *scanner) head(c *Command) (seen int, err error) {
	var name text
	var key, scratch []byte
	for first := true; ; first = false {
		if more, err := s.next('}', first); !more {
			return seen, err
		}
		if err := s.name(&name, 1); err != nil {
			return seen, err
		}
		if key, scratch, err = name.value(scratch); err != nil {
			return seen, err
		}
		switch string(key) {
		case "code":
			seen |= seenCode
			err = s.int32(&c.Code)
		case "opaque":
			seen |= seenOpaque
			err = s.int32(&c.Opaque)
		case "flag":
			err = s.int32(&c.Flag)
		case "version":
			err = s.int32(&c.Version)
		case "language":
			err = s.language(&c.Language)
		case "remark":
			var value []byte
			if value, scratch, err = s.anyText(scratch); err == nil {
				c.Remark = remark(value)
			}
		case "extFields":
			c.ext, err = s.extFields()
		default:
			err = s.skip(1)
		}
		if err != nil {
			return seen, err
		}
	}
}

// int32 reads a number, in quotes or not; null leaves Java's default, 0.
func (s *scanner) int32(dst *int32) (err error) {
	var t text
	*dst = 0
	if err = s.scalar(&t); err != nil || t.isNull() {
		return err
	}
	*dst, err = ParseInt32(t.raw)
	return err
}

func (s *scanner) language(dst *Language) error {
	var t text
	if err := s.scalar(&t); err != nil {
		return err
	}
	*dst = parseLanguage(t.raw)
	return nil
}

// anyText reads a value of any kind as text: null is empty, an object or a list its JSON.
func (s *scanner) anyText(scratch []byte) (value, newScratch []byte, err error) {
	if c := s.peek(); c == '{' || c == '[' {
		start := s.i
		err = s.skip(1)
		return s.b[start:s.i:s.i], scratch, err
	}
	var t text
	if err := s.scalar(&t); err != nil || t.isNull() {
		return nil, scratch, err
	}
	return t.value(scratch)
}

// extFields returns the text of the object and checks it, so that reading the fields later cannot fail.
func (s *scanner) extFields() ([]byte, error) {
	if s.peek() != '{' {
		var t text
		err := s.scalar(&t)
		if err == nil && !t.isNull() {
			err = errToken
		}
		return nil, err
	}
	start := s.i
	if err := s.eachField(nil); err != nil {
		return nil, err
	}
	return s.b[start:s.i:s.i], nil
}

func eachJSONField(ext []byte, dst FieldSetter) error {
	if len(ext) == 0 {
		return nil
	}
	s := scanner{b: ext}
	return s.eachField(dst)
}

// eachField reads an object of texts; a nil dst only checks it.
func (s *scanner) eachField(dst FieldSetter) error {
	var name text
	var key, value, keyScratch, valueScratch []byte
	s.i++ // the brace, which the caller has seen
	for first := true; ; first = false {
		if more, err := s.next('}', first); !more {
			return err
		}
		err := s.name(&name, 2)
		if err != nil {
			return err
		}
		if key, keyScratch, err = name.value(keyScratch); err != nil {
			return err
		}
		if value, valueScratch, err = s.anyText(valueScratch); err != nil {
			return err
		}
		if dst == nil || value == nil {
			continue
		}
		if err := dst.SetField(key, value); err != nil {
			return fieldError(key, err)
		}
	}
}
