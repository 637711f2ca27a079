package wire

// A FieldAppender is a header that writes its extension fields, one call of w each, in any order. A field that has no
// value is left out.
type FieldAppender interface {
	AppendFields(w *FieldWriter)
}

// A FieldSetter takes the extension fields of a frame. Both slices are valid only during the call, and keys that it
// does not know must be ignored: peers of other releases send more.
type FieldSetter interface {
	SetField(key, value []byte) error
}

// A Field is one extension field as text.
type Field struct{ Key, Value string }

// Fields is a header that is a plain list.
type Fields []Field

// AppendFields writes the list in order.
func (f Fields) AppendFields(w *FieldWriter) {
	for i := range f {
		w.String(f[i].Key, f[i].Value)
	}
}

// CollectFields appends the fields that h would write to dst, for code that must see them all: signing and hooks.
// A nil h has none.
func CollectFields(dst []Field, h FieldAppender) []Field {
	if h == nil {
		return dst
	}
	w := newFieldWriter(collect, nil)
	w.fields = dst
	h.AppendFields(w)
	dst = w.fields
	w.release()
	return dst
}
