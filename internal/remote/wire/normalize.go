package wire

// Normalize turns the dialect that Java's fastjson writes and reads into standard JSON, and returns its input when
// that is standard already. It must come before any standard decoder: json-iterator, given {0:"a",1:"b"}, reports an
// error and leaves a wrong map behind.
//
// Names that are numbers or bare words are quoted; an object used as a name ({"topic":…}:5, a MessageQueue as the key
// of a map) becomes a string that holds its JSON; strings in single quotes, escapes that only fastjson knows and raw
// control characters are rewritten; a comma before a closing bracket goes.
//
// Input that is not even fastjson's, or nests too deep, or has an object as a name inside an object used as a name
// (each level of which would double the escapes) is returned as it is: the decoder that follows names the error.
func Normalize(json []byte) []byte {
	n := normalizer{scanner: scanner{b: json}}
	if err := n.value(0); err != nil {
		return json
	}
	if n.space(); n.i != len(json) || n.out == nil {
		return json
	}
	return append(n.out, json[n.done:]...)
}

// normalizer copies what it does not change in as large pieces as possible: b[:done] is already in out.
type normalizer struct {
	scanner
	out    []byte // nil until the first change
	done   int
	asName bool // inside an object used as a name
}

// replace puts quoted text in the place of b[from:to].
func (n *normalizer) replace(from, to int, quoted []byte) {
	if n.out == nil {
		n.out = make([]byte, 0, len(n.b)+len(n.b)/8+16)
	}
	n.out = append(n.out, n.b[n.done:from]...)
	n.out = append(n.out, quoted...)
	n.done = to
}

func (n *normalizer) value(depth int) error {
	opening, closing := n.peek(), byte('}')
	switch opening {
	case '{':
	case '[':
		closing = ']'
	default:
		return n.text(false)
	}
	if depth > maxDepth {
		return errDepth
	}
	n.i++
	for first := true; ; first = false {
		if more, err := n.more(closing, first); !more {
			return err
		}
		if opening == '{' {
			if err := n.memberName(depth); err != nil {
				return err
			}
		}
		if err := n.value(depth + 1); err != nil {
			return err
		}
	}
}

// more is next, without the comma before the closing bracket.
func (n *normalizer) more(closing byte, first bool) (bool, error) {
	more, err := n.next(closing, first)
	if err == nil && !more && n.trailing >= 0 {
		n.replace(n.trailing, n.trailing+1, nil)
	}
	return more, err
}

func (n *normalizer) memberName(depth int) error {
	var err error
	if n.peek() == '{' {
		err = n.objectName(depth)
	} else {
		err = n.text(true)
	}
	if err != nil {
		return err
	}
	return n.colon()
}

func (n *normalizer) objectName(depth int) error {
	if n.asName {
		return errDepth
	}
	inner := normalizer{scanner: scanner{b: n.b, i: n.i}, done: n.i, asName: true}
	if err := inner.value(depth + 1); err != nil {
		return err
	}
	object := n.b[n.i:inner.i]
	if inner.out != nil {
		object = append(inner.out, n.b[inner.done:inner.i]...)
	}
	n.replace(n.i, inner.i, appendQuoted(nil, object))
	n.i = inner.i
	return nil
}

// text handles a string, number or literal; as a name it must end up in double quotes.
func (n *normalizer) text(name bool) error {
	start := n.i // peek has skipped the white space
	var t text
	if err := n.scalar(&t); err != nil {
		return err
	}
	if t.quote == 0 {
		if name {
			n.replace(start, n.i, appendQuoted(nil, t.raw))
		}
		return nil
	}
	if t.quote == '"' && t.seen&classControl == 0 && !(t.seen&classEscape != 0 && hasForeignEscape(t.raw)) {
		return nil
	}
	plain, err := appendUnquoted(nil, t.raw)
	if err != nil {
		return err
	}
	n.replace(start, n.i, appendQuoted(nil, plain))
	return nil
}

// hasForeignEscape reports whether raw has an escape that standard JSON does not know.
func hasForeignEscape(raw []byte) bool {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		switch raw[i] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u':
		default:
			return true
		}
	}
	return false
}
