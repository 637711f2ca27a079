package record

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

type javaBody struct {
	Body       string
	Type       string
	Level      int
	SysFlag    int32
	Size       int
	CRC        int32
	Compressed hexBytes
}

func textBody(lines int) []byte {
	var b bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&b, "line %d\n", i%97)
	}
	return b.Bytes()
}

func noiseBody(size int) []byte {
	b := make([]byte, size)
	x := int32(1)
	for i := range b {
		x = x*1103515245 + 12345
		b[i] = byte(uint32(x) >> 16)
	}
	return b
}

func testBodies() map[string][]byte {
	return map[string][]byte{"one byte": []byte("x"), "text": textBody(400), "long text": textBody(20000), "noise": noiseBody(3000)}
}

func newCompressors(t testing.TB) map[string]*Compressor {
	all := map[string]*Compressor{}
	for _, c := range []Compression{LZ4, ZSTD, Zlib} {
		for _, level := range []int{0, 1, 5, 9} {
			compressor, err := NewCompressor(c, level)
			require.NoError(t, err)
			all[fmt.Sprintf("%s level %d", c, level)] = compressor
		}
	}
	return all
}

func TestDecompressWhatJavaCompresses(t *testing.T) {
	t.Parallel()
	bodies := testBodies()
	for _, v := range vectors[javaBody](t, "java_compression.jsonl") {
		body, err := Decompress(v.SysFlag, v.Compressed, MaxDecompressedSize)
		require.NoError(t, err, "%s %s %d", v.Body, v.Type, v.Level)
		require.Equal(t, v.Size, len(body))
		require.Equal(t, v.CRC, BodyCRC(body))
		require.Equal(t, bodies[v.Body], body)
		if v.Type == "ZLIB" { // what clients wrote before there were types
			body, err = Decompress(FlagCompressed, v.Compressed, MaxDecompressedSize)
			require.NoError(t, err)
			require.Equal(t, bodies[v.Body], body)
		}
		body, err = Decompress(v.SysFlag, v.Compressed, v.Size)
		require.NoError(t, err, "the limit is what may be, not what is too much")
		require.Equal(t, v.Size, len(body))
		if v.Size > 1 {
			_, err = Decompress(v.SysFlag, v.Compressed, v.Size-1)
			require.ErrorIs(t, err, ErrDecompressedTooLarge, "%s %s %d", v.Body, v.Type, v.Level)
		}
	}
}

func TestCompressRoundTrip(t *testing.T) {
	t.Parallel()
	for name, compressor := range newCompressors(t) {
		for what, body := range testBodies() {
			for range 2 { // also with encoders that were used before
				compressed, err := compressor.Compress([]byte("before"), body)
				require.NoError(t, err, "%s, %s", name, what)
				require.Equal(t, "before", string(compressed[:6]))
				back, err := Decompress(compressor.SysFlag(), compressed[6:], MaxDecompressedSize)
				require.NoError(t, err, "%s, %s", name, what)
				require.Equal(t, body, back, "%s, %s", name, what)
			}
		}
	}
}

// TestCompressedBodiesForJava writes bodies for Java to read, see test/java/record_vectors.sh.
func TestCompressedBodiesForJava(t *testing.T) {
	var b strings.Builder
	for _, compressor := range newCompressors(t) {
		for _, body := range testBodies() {
			compressed, err := compressor.Compress(nil, body)
			require.NoError(t, err)
			fmt.Fprintf(&b, "%d %d %d %s\n", compressor.SysFlag()>>compressionShift, BodyCRC(body), len(body), hex.EncodeToString(compressed))
		}
	}
	require.NotEmpty(t, b.String())
	if file := os.Getenv("RECORD_BODIES_FOR_JAVA"); file != "" {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
	}
}

func TestCompressorSysFlag(t *testing.T) {
	t.Parallel()
	for c, flag := range map[Compression]int32{LZ4: 0x101, ZSTD: 0x201, Zlib: 769} {
		compressor, err := NewCompressor(c, DefaultCompressionLevel)
		require.NoError(t, err)
		require.Equal(t, flag, compressor.SysFlag(), c.String())
	}
}

func TestNewCompressorErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []Compression{LZ4, ZSTD, Zlib} {
		for _, level := range []int{-2, -1, 23, 100} {
			_, err := NewCompressor(c, level)
			require.ErrorIs(t, err, ErrCompressionLevel, "%s %d", c, level)
		}
	}
	for _, c := range []Compression{CompressionNone, 4, 7, 255} {
		_, err := NewCompressor(c, 5)
		require.ErrorIs(t, err, ErrUnknownCompression)
	}
	_, err := NewCompressor(ZSTD, 22)
	require.NoError(t, err)
	_, err = NewCompressor(Zlib, 10)
	require.ErrorIs(t, err, ErrCompressionLevel)
}

// Bodies compressed by LZ4 and ZSTD come out as they went in, and what is not understood is an error: never does an
// application see compressed bytes, as with rocketmq-client-go.
func TestV14_CompressedBodiesAreDecompressedOrRefused(t *testing.T) {
	t.Parallel()
	plain := textBody(100)
	for _, c := range []Compression{LZ4, ZSTD, Zlib} {
		compressor, err := NewCompressor(c, 5)
		require.NoError(t, err)
		compressed, err := compressor.Compress(nil, plain)
		require.NoError(t, err)
		body, err := Decompress(compressor.SysFlag(), compressed, MaxDecompressedSize)
		require.NoError(t, err)
		require.Equal(t, plain, body)

		for cut := range compressed {
			_, err := Decompress(compressor.SysFlag(), compressed[:cut], MaxDecompressedSize)
			require.ErrorIs(t, err, ErrCorruptBody, "%s cut to %d of %d bytes", c, cut, len(compressed))
		}
		for i := range compressed {
			damaged := bytes.Clone(compressed)
			damaged[i] ^= 0x5A
			body, err := Decompress(compressor.SysFlag(), damaged, 1<<20)
			if err != nil {
				require.True(t, errors.Is(err, ErrCorruptBody) || errors.Is(err, ErrDecompressedTooLarge), err)
				continue
			}
			require.Equal(t, plain, body, "%s: damage at %d must not change the content unnoticed", c, i)
		}
		_, err = Decompress(compressor.SysFlag(), plain, MaxDecompressedSize)
		require.ErrorIs(t, err, ErrCorruptBody, "%s: plain bytes are no stream", c)
	}
	for kind := int32(4); kind <= 7; kind++ {
		_, err := Decompress(FlagCompressed|kind<<compressionShift, plain, MaxDecompressedSize)
		require.ErrorIs(t, err, ErrUnknownCompression)
	}
	for _, flag := range []int32{0, FlagTransactionCommit, 0x300, 0x700} {
		body, err := Decompress(flag, plain, 1)
		require.NoError(t, err, "without bit 0 a body is plain")
		require.Equal(t, plain, body)
	}
}

// A few bytes that become gigabytes are refused at the limit.
func TestDecompressBomb(t *testing.T) {
	t.Parallel()
	zeros := make([]byte, 8<<20)
	for _, c := range []Compression{LZ4, ZSTD, Zlib} {
		compressor, err := NewCompressor(c, 9)
		require.NoError(t, err)
		bomb, err := compressor.Compress(nil, zeros)
		require.NoError(t, err)
		for _, limit := range []int{1, 1000, 1 << 20, len(zeros) - 1} {
			_, err = Decompress(compressor.SysFlag(), bomb, limit)
			require.ErrorIs(t, err, ErrDecompressedTooLarge, "%s, limit %d", c, limit)
		}
		body, err := Decompress(compressor.SysFlag(), bomb, len(zeros))
		require.NoError(t, err)
		require.Equal(t, len(zeros), len(body))
	}
	// a frame of a stream does not say how long it is
	var stream bytes.Buffer
	w, err := zstd.NewWriter(&stream, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	require.NoError(t, err)
	for range 3 {
		_, err = w.Write(zeros)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	_, err = Decompress(FlagCompressed|0x200, stream.Bytes(), 1<<20)
	require.ErrorIs(t, err, ErrDecompressedTooLarge)
	body, err := Decompress(FlagCompressed|0x200, stream.Bytes(), 0)
	require.NoError(t, err, "no limit given means the default one")
	require.Equal(t, 3*len(zeros), len(body))
}

func TestCompressConcurrently(t *testing.T) {
	t.Parallel()
	compressors := newCompressors(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			body := textBody(100 + i)
			for name, compressor := range compressors {
				compressed, err := compressor.Compress(nil, body)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				back, err := Decompress(compressor.SysFlag(), compressed, 1<<20)
				if err != nil || !bytes.Equal(back, body) {
					t.Errorf("%s: another body, %v", name, err)
				}
			}
		}()
	}
	wg.Wait()
}

func TestDecompressorAgainAfterErrors(t *testing.T) {
	t.Parallel()
	d := NewDecompressor(1 << 20)
	for name, compressor := range newCompressors(t) {
		body := textBody(50)
		good, err := compressor.Compress(nil, body)
		require.NoError(t, err)
		for range 3 {
			_, err = d.Decompress(compressor.SysFlag(), good[:len(good)/2])
			require.ErrorIs(t, err, ErrCorruptBody, name)
			back, err := d.Decompress(compressor.SysFlag(), good)
			require.NoError(t, err, name)
			require.Equal(t, body, back, name)
		}
	}
}

func TestCompressionString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "none lz4 zstd zlib unknown",
		strings.Join([]string{CompressionNone.String(), LZ4.String(), ZSTD.String(), Zlib.String(), Compression(9).String()}, " "))
}

func FuzzDecompress(f *testing.F) {
	for _, v := range vectors[javaBody](f, "java_compression.jsonl") {
		if v.Size < 5000 {
			f.Add(v.SysFlag, []byte(v.Compressed))
		}
	}
	f.Fuzz(func(t *testing.T, sysFlag int32, body []byte) {
		const limit = 1 << 16
		out, err := Decompress(sysFlag|FlagCompressed, body, limit)
		if err == nil && len(out) > limit {
			t.Fatalf("%d bytes", len(out))
		}
		if err != nil && !errors.Is(err, ErrCorruptBody) && !errors.Is(err, ErrDecompressedTooLarge) && !errors.Is(err, ErrUnknownCompression) {
			t.Fatalf("untyped error %v", err)
		}
	})
}

func benchmarkBody() []byte { return textBody(500) }

func BenchmarkCompress(b *testing.B) {
	for _, c := range []Compression{LZ4, ZSTD, Zlib} {
		b.Run(c.String(), func(b *testing.B) {
			compressor, err := NewCompressor(c, DefaultCompressionLevel)
			require.NoError(b, err)
			body, dst := benchmarkBody(), make([]byte, 0, 8192)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := compressor.Compress(dst, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecompress(b *testing.B) {
	for _, v := range vectors[javaBody](b, "java_compression.jsonl") {
		if v.Body != "text" || v.Level != 5 {
			continue
		}
		b.Run(v.Type, func(b *testing.B) {
			b.SetBytes(int64(v.Size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decompress(v.SysFlag, v.Compressed, MaxDecompressedSize); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestCompressionAllocs(t *testing.T) {
	body, dst := benchmarkBody(), make([]byte, 0, 8192)
	for _, c := range []Compression{LZ4, ZSTD, Zlib} {
		compressor, err := NewCompressor(c, DefaultCompressionLevel)
		require.NoError(t, err)
		t.Run(c.String(), func(t *testing.T) {
			budget.Allocs(t, 2, 100, func() {
				if _, err := compressor.Compress(dst, body); err != nil {
					panic(err)
				}
			})
		})
	}
}
