package broker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The releases of Apache RocketMQ that the project is tested with.
const (
	V4_5_2 = "4.5.2"
	V4_9_7 = "4.9.7"
	V5_1_4 = "5.1.4"
	V5_4_0 = "5.4.0"
)

// Versions lists the tested releases, oldest first.
func Versions() []string { return []string{V4_5_2, V4_9_7, V5_1_4, V5_4_0} }

// CacheDir is where jars are kept: $ROCKETMQ_GO_CACHE, or rocketmq-go below the
// user's cache folder.
func CacheDir() (string, error) {
	if dir := os.Getenv("ROCKETMQ_GO_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder for the jars, set ROCKETMQ_GO_CACHE: %w", err)
	}
	return filepath.Join(dir, "rocketmq-go"), nil
}

// Jars returns the folder that holds the jars of one release of the name
// server, broker, Java client and admin tools. They are fetched with Maven the
// first time; several test processes may ask at once. Without java or mvn the
// test is skipped (a failure with CI=true).
func Jars(tb testing.TB, version string) string {
	tb.Helper()
	Require(tb, "java")
	cache, err := CacheDir()
	if err != nil {
		tb.Fatal(err)
	}
	dir := filepath.Join(cache, "jars", version)
	if complete(dir, version) {
		return dir
	}
	Require(tb, "mvn")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := fetch(ctx, dir, version); err != nil {
		// A mirror that hiccups once must not fail the run.
		tb.Logf("fetching the jars of %s failed, trying once more: %v", version, err)
		if err = fetch(ctx, dir, version); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func complete(dir, version string) bool {
	for _, part := range []string{"namesrv", "broker", "client", "tools"} {
		if _, err := os.Stat(filepath.Join(dir, "rocketmq-"+part+"-"+version+".jar")); err != nil {
			return false
		}
	}
	return true
}

// fetch copies the jars next to their final place and renames the folder, so
// that a half-filled folder never looks complete.
func fetch(ctx context.Context, dir, version string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	unlock, err := lockFile(ctx, dir+".lock")
	if err != nil {
		return fmt.Errorf("lock the jars of %s: %w", version, err)
	}
	defer unlock()
	if complete(dir, version) { // another process was quicker
		return nil
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), version+"-fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := os.WriteFile(filepath.Join(work, "pom.xml"), []byte(pom(version)), 0o644); err != nil {
		return err
	}
	lib := filepath.Join(work, "lib")
	cmd := exec.CommandContext(ctx, "mvn", "-B", "-q", "-f", filepath.Join(work, "pom.xml"),
		"org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies",
		"-DincludeScope=runtime", "-DoutputDirectory="+lib)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mvn copy-dependencies for RocketMQ %s: %w\n%s", version, err, lastLines(string(out), 30))
	}
	if !complete(lib, version) {
		return fmt.Errorf("mvn copied no complete set of jars for RocketMQ %s", version)
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.Rename(lib, dir); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

func pom(version string) string {
	var b strings.Builder
	b.WriteString(`<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>` +
		`<groupId>rocketmq-go</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging><dependencies>`)
	for _, part := range []string{"namesrv", "broker", "client", "tools"} {
		fmt.Fprintf(&b, "<dependency><groupId>org.apache.rocketmq</groupId><artifactId>rocketmq-%s</artifactId><version>%s</version></dependency>", part, version)
	}
	b.WriteString("</dependencies></project>\n")
	return b.String()
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, "\n")
}
