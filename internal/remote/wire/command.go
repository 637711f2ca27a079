package wire

import "fmt"

// Command is a decoded frame. Body and the extension fields alias the frame it was decoded from. It is not written to
// after Decode, so any number of goroutines may read it.
type Command struct {
	Head
	Serialization Serialization
	Body          []byte // nil when the frame has none

	// ext holds the extension fields as they came, already checked: the text of a JSON object (nil: none), or the
	// binary pairs. They are looked at only when somebody asks.
	ext []byte
}

// DecodeFields offers every extension field to dst, in the frame's order, so of a key given twice the last one wins.
// Fields without a value (JSON null, and in the binary serialization the empty string, which Java reads as null) are
// left out. It ends at the first error of dst and names the field.
func (c *Command) DecodeFields(dst FieldSetter) error {
	if c.Serialization == RocketMQ {
		return eachBinaryField(c.ext, dst)
	}
	return eachJSONField(c.ext, dst)
}

// Field returns the extension field named key. It scans them all: to read several, use DecodeFields.
func (c *Command) Field(key string) (string, bool) {
	f := fieldFinder{key: key}
	_ = c.DecodeFields(&f) // checked by Decode, and the finder has no errors
	return f.value, f.found
}

// FieldMap returns all extension fields; it is never nil.
func (c *Command) FieldMap() map[string]string {
	m := fieldMap{}
	_ = c.DecodeFields(m) // as in Field
	return m
}

type fieldFinder struct {
	key, value string
	found      bool
}

func (f *fieldFinder) SetField(key, value []byte) error {
	if string(key) == f.key {
		f.value, f.found = string(value), true
	}
	return nil
}

type fieldMap map[string]string

func (m fieldMap) SetField(key, value []byte) error {
	m[string(key)] = string(value)
	return nil
}

func fieldError(key []byte, err error) error {
	return fmt.Errorf("header field %q: %w", shorten(key), err)
}
