package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// request is a request and where its answer goes.
type request struct {
	*wire.Command
	conn *conn
}

// answer sends the response, unless the request is one-way.
func (r *request) answer(code int32, remark string, fields wire.FieldAppender, bodies ...[]byte) {
	if r.IsOneWay() {
		return
	}
	r.conn.send(&wire.Head{
		Code: code, Language: wire.LanguageJava, Version: protocolVersion,
		Opaque: r.Opaque, Flag: wire.FlagResponse, Remark: remark,
	}, fields, bodies...)
}

// ok sends a success without fields or body.
func (r *request) ok() { r.answer(0, "", nil) }

// fail sends a response code and its text.
func (r *request) fail(code int32, remark string) { r.answer(code, remark, nil) }

// answerBody sends a success with an encoded body.
func (r *request) answerBody(body []byte, err error) {
	if err != nil {
		r.fail(codeSystemError, err.Error())
		return
	}
	r.answer(codeSuccess, "", nil, body)
}

// decodeBody fills body from the request's. On a body that is missing or no JSON it answers as a Java broker does, and
// returns false.
func (r *request) decodeBody(body interface{ Decode([]byte) error }) bool {
	if len(r.Body) == 0 {
		r.fail(codeSystemError, `java.lang.NullPointerException: Cannot invoke a method of the body, because "request.getBody()" is null`)
		return false
	}
	if err := body.Decode(r.Body); err != nil {
		r.fail(codeSystemError, "com.alibaba.fastjson2.JSONException: "+err.Error())
		return false
	}
	return true
}

// decode fills h from the extension fields. On a value that is no number it answers as a Java broker does and returns
// false.
func (r *request) decode(h wire.FieldSetter) bool {
	if err := r.DecodeFields(h); err != nil {
		r.fail(codeSystemError, "java.lang.NumberFormatException: "+err.Error())
		return false
	}
	return true
}
