package wire

// Fastjson turns standard JSON into what Java's fastjson writes for maps whose keys are not strings: names that are
// integers lose their quotes, and names that hold the JSON of an object become that object. It is for the side that
// plays a Java server; Normalize is its inverse. Input that is not standard JSON is returned as it is.
//
// It goes by the look of a name: a topic called 123, as the key of a map, loses its quotes as well. Normalize restores
// them.
func Fastjson(json []byte) []byte {
	f := denormalizer{scanner: scanner{b: json}}
	if err := f.value(0); err != nil {
		return json
	}
	if f.space(); f.i != len(json) {
		return json
	}
	return append(f.out, json[f.done:]...)
}

type denormalizer struct {
	scanner
	out  []byte
	done int
}

func (f *denormalizer) value(depth int) error {
	opening, closing := f.peek(), byte('}')
	switch opening {
	case '{':
	case '[':
		closing = ']'
	default:
		return f.scalar(new(text))
	}
	if depth > maxDepth {
		return errDepth
	}
	f.i++
	for first := true; ; first = false {
		if more, err := f.next(closing, first); !more {
			return err
		}
		if opening == '{' {
			if err := f.unquoteName(depth); err != nil {
				return err
			}
		}
		if err := f.value(depth + 1); err != nil {
			return err
		}
	}
}

func (f *denormalizer) unquoteName(depth int) error {
	start := f.i // next has skipped the white space
	var t text
	if err := f.scalar(&t); err != nil {
		return err
	}
	plain, _, err := t.value(nil)
	if err != nil {
		return err
	}
	if _, isInt := parseInt(plain, 1<<63-1); isInt || isObject(plain, depth+1) {
		f.out = append(f.out, f.b[f.done:start]...)
		f.out = append(f.out, plain...)
		f.done = f.i
	}
	return f.colon()
}

// isObject reports whether b is an object in standard JSON.
func isObject(b []byte, depth int) bool {
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	n := normalizer{scanner: scanner{b: b}}
	return n.value(depth) == nil && n.i == len(b) && n.out == nil
}
