package interop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/test/broker"
)

// A Client is one implementation of RocketMQ's protocol.
type Client interface {
	Name() string
	// Produce sends msgs to a topic. Compression is "", "LZ4" or "ZSTD"; empty is
	// the client's default, zlib.
	Produce(t *testing.T, nameServer, topic, compression string, msgs []Message) []Sent
	// Consume joins a new group with a tag expression and returns once n messages
	// have come.
	Consume(t *testing.T, nameServer, topic, group, expression string, n int) []Received
}

// runTimeout bounds one run of a foreign program.
const runTimeout = 60 * time.Second

// program runs a foreign client and reads one JSON line a message or result.
func program[T any](t *testing.T, stdin string, env []string, argv ...string) []T {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = 5 * time.Second
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	var results []T
	lines := bufio.NewScanner(&out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		// Both clients may log to standard output.
		if line := lines.Bytes(); bytes.HasPrefix(line, []byte("{")) {
			var one T
			require.NoError(t, json.Unmarshal(line, &one), "%s", line)
			results = append(results, one)
		}
	}
	require.NoError(t, errors.Join(err, ctx.Err()), "%s\n%s\nafter %d results", strings.Join(argv, " "), tail(stderr.String()), len(results))
	return results
}

func tail(text string) string {
	return text[max(0, len(text)-4000):]
}

// Java is Apache's Java client of one release.
type Java struct {
	version string
	jars    string
	classes string
	home    string
}

// NewJava compiles the programs in test/java against the jars of a release.
func NewJava(t *testing.T, version string) *Java {
	t.Helper()
	broker.Require(t, "javac")
	j := &Java{version: version, jars: broker.Jars(t, version), classes: t.TempDir(), home: t.TempDir()}
	sources, err := filepath.Glob(filepath.Join("..", "java", "src", "interop", "*.java"))
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	out, err := exec.Command("javac", append([]string{"-encoding", "UTF-8", "-cp", filepath.Join(j.jars, "*"), "-d", j.classes}, sources...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return j
}

// Name implements Client.
func (j *Java) Name() string { return "java" }

func (j *Java) argv(compression string, args ...string) []string {
	argv := []string{"java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
		"-Dfile.encoding=UTF-8", "-Duser.home=" + j.home, "-Drocketmq.client.logRoot=" + j.home}
	if compression != "" {
		argv = append(argv, "-Drocketmq.message.compressType="+compression)
	}
	return append(append(argv, "-cp", j.classes+string(os.PathListSeparator)+filepath.Join(j.jars, "*")), args...)
}

// Produce implements Client.
func (j *Java) Produce(t *testing.T, nameServer, topic, compression string, msgs []Message) []Sent {
	t.Helper()
	return program[Sent](t, lines(msgs), nil, j.argv(compression, "interop.Produce", nameServer, topic)...)
}

// Consume implements Client.
func (j *Java) Consume(t *testing.T, nameServer, topic, group, expression string, n int) []Received {
	t.Helper()
	return program[Received](t, "", nil, j.argv("", "interop.Consume", nameServer, topic, group, expression, itoa(n), "40")...)
}

// Peer is rocketmq-client-go v2, built from its own module in test/peer.
type Peer struct{ binary, home string }

// NewPeer builds the program.
func NewPeer(t *testing.T) *Peer {
	t.Helper()
	p := &Peer{binary: filepath.Join(t.TempDir(), "peer"), home: t.TempDir()}
	cmd := exec.Command("go", "build", "-o", p.binary, ".")
	cmd.Dir = filepath.Join("..", "peer")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return p
}

// Name implements Client.
func (p *Peer) Name() string { return "peer" }

// Produce implements Client.
func (p *Peer) Produce(t *testing.T, nameServer, topic, compression string, msgs []Message) []Sent {
	t.Helper()
	require.Empty(t, compression, "the peer knows zlib only")
	return program[Sent](t, lines(msgs), []string{"HOME=" + p.home}, p.binary, "produce", nameServer, topic)
}

// Consume implements Client.
func (p *Peer) Consume(t *testing.T, nameServer, topic, group, expression string, n int) []Received {
	t.Helper()
	return program[Received](t, "", []string{"HOME=" + p.home}, p.binary, "consume", nameServer, topic, group, expression, itoa(n), "40")
}
