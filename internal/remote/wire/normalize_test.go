package wire

import (
	stdjson "encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"integer names", `{"brokerAddrs":{0:"a",1:"b",-1:"c"}}`, `{"brokerAddrs":{"0":"a","1":"b","-1":"c"}}`},
		{"object name", `{"t":{{"brokerName":"b","queueId":1,"topic":"T"}:20}}`, `{"t":{"{\"brokerName\":\"b\",\"queueId\":1,\"topic\":\"T\"}":20}}`},
		{"object name with escapes", `{{"b":"x\"\n中"}:1}`, `{"{\"b\":\"x\\\"\\n中\"}":1}`},
		{"object name in the dialect", `{{b:'x',}:1}`, `{"{\"b\":\"x\"}":1}`},
		{"objects as names inside lists", `[{"G":[{"o":{{"q":0}:{"x":1}}}]}]`, `[{"G":[{"o":{"{\"q\":0}":{"x":1}}}]}]`},
		{"two object names", `{{"q":0}:1,{"q":1}:2}`, `{"{\"q\":0}":1,"{\"q\":1}":2}`},
		{"bare names", `{code:1,$a_b.c:true}`, `{"code":1,"$a_b.c":true}`},
		{"literals as names", `{null:1,true:2}`, `{"null":1,"true":2}`},
		{"single quotes", `{'a':'it\'s "x"'}`, `{"a":"it's \"x\""}`},
		{"fastjson's escapes", `{"a":"\x41\v\0\'"}`, `{"a":"A\u000b\u0000'"}`},
		{"raw control characters", "{\"a\":\"x\ty\x01\"}", `{"a":"x\ty\u0001"}`},
		{"trailing commas", `{"a":[1,2,],"b":{"c":1,},}`, `{"a":[1,2],"b":{"c":1}}`},
		{"white space", " { 0 : [ 1 , 2 , ] , } ", ` { "0" : [ 1 , 2  ]  } `},
		{"everything at once", `{0:{{1:2}:'x'},}`, `{"0":{"{\"1\":2}":"x"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := []byte(tt.in)
			got := Normalize(in)
			require.Equal(t, tt.want, string(got))
			require.Equal(t, tt.in, string(in), "the input is not changed")
			require.True(t, stdjson.Valid(got))
			require.Equal(t, tt.want, string(Normalize(got)), "a second time changes nothing")
		})
	}
}

func TestNormalizeReturnsItsInput(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in string }{
		{"standard object", `{"a":{"b":[1,-2.5e3,"x\u0041\/",true,false,null]}}`},
		{"empty object", `{}`},
		{"empty list", `[]`},
		{"text", `"a"`},
		{"number", `12`},
		{"no bytes", ``},
		{"white space only", ` `},
		{"cut off after a change", `{0:1`},
		{"text behind", `{0:1} x`},
		{"second object", `{0:1}{0:1}`},
		{"comma only", `[,]`},
		{"two commas", `[1,,2]`},
		{"missing value", `{0:}`},
		{"missing colon", `{0 1}`},
		{"bad escape", `{0:'\q'}`},
		{"closing bracket of the other kind", `{0:[1}]`},
		{"object name inside an object name", `{{{"a":1}:2}:3}`},
		{"cut object name", `{{"a":1`},
		{"too deep", strings.Repeat("[", 100) + strings.Repeat("]", 100)},
		{"far too deep", strings.Repeat(`{0:`, 1<<20)},
		{"far too deep names", strings.Repeat(`{`, 1<<20)},
		{"far too deep lists in a name", `{{0:` + strings.Repeat(`[`, 1<<20)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.in, string(Normalize([]byte(tt.in))))
		})
	}
}

func TestNormalizeStandardInputIsNotCopied(t *testing.T) {
	t.Parallel()
	in := []byte(`{"a":["b",{"c":"\n"}]}`)
	got := Normalize(in)
	require.Same(t, &in[0], &got[0])
}

func TestFastjson(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"integer names", `{"brokerAddrs":{"0":"a","-1":"b"},"x1":{"1a":2}}`, `{"brokerAddrs":{0:"a",-1:"b"},"x1":{"1a":2}}`},
		{"object names", `{"t":{"{\"q\":\"x\\\"\"}":20}}`, `{"t":{{"q":"x\""}:20}}`},
		{"texts that look like objects stay", `{"a":"{\"q\":1}","{not json":[1,"0"]}`, `{"a":"{\"q\":1}","{not json":[1,"0"]}`},
		{"nothing to do", `{"a":[1,2,{"b":null}]}`, `{"a":[1,2,{"b":null}]}`},
		{"not JSON", `{"0":1`, `{"0":1`},
		{"text behind", `{"0":1}x`, `{"0":1}x`},
		{"nothing", ``, ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, string(Fastjson([]byte(tt.in))))
			if stdjson.Valid([]byte(tt.in)) {
				require.Equal(t, tt.in, string(Normalize([]byte(tt.want))))
			}
		})
	}
}
