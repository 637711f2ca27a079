package broker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
)

// Cluster is a running set of name servers and brokers.
type Cluster struct {
	Version string

	cfg         Config
	jars        string
	dir         string
	nameServers []*process
	addrs       []string
	brokers     []*Broker
	observer    *observe.Cluster
	stopOnce    sync.Once
	disarm      func()
}

// Broker is one broker process. Masters have id 0.
type Broker struct {
	Name string
	ID   int
	Addr string

	port int
	proc *process
}

// startTimeout bounds how long a cluster may take to come up; a loaded machine
// of two cores needs up to a minute for six JVMs.
const startTimeout = 3 * time.Minute

// Start runs a cluster until the test ends. It returns once every name server
// lists every broker. Without java or mvn the test is skipped, with CI=true it
// fails.
func Start(tb testing.TB, cfg Config) *Cluster {
	tb.Helper()
	cfg = cfg.withDefaults()
	jars := Jars(tb, cfg.Version)
	began := time.Now()
	for attempt := 1; ; attempt++ {
		c, err := start(tb, cfg, jars)
		if err == nil {
			tb.Logf("RocketMQ %s: %d name servers, %d brokers up in %v", cfg.Version, len(c.nameServers), len(c.brokers), time.Since(began).Round(100*time.Millisecond))
			return c
		}
		// Somebody else took a port between our look and the JVM's bind.
		if attempt < 3 && strings.Contains(err.Error(), "already in use") {
			tb.Logf("starting RocketMQ %s again on other ports: %v", cfg.Version, err)
			continue
		}
		tb.Fatalf("RocketMQ %s did not start: %v", cfg.Version, err)
	}
}

func start(tb testing.TB, cfg Config, jars string) (*Cluster, error) {
	// Not tb.TempDir: its path holds the test's name, and Java's class path and
	// broker.conf do not take every character.
	dir, err := os.MkdirTemp("", "rocketmq-"+cfg.Version+"-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{Version: cfg.Version, cfg: cfg, jars: jars, dir: dir, disarm: func() {}}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Log(c.Logs(40))
		}
		c.Stop()
	})
	c.disarm = c.guard(tb)
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := c.startNameServers(ctx); err != nil {
		logs := c.Logs(40)
		c.Stop()
		return nil, fmt.Errorf("%w\n%s", err, logs)
	}
	if err := c.startBrokers(ctx); err != nil {
		logs := c.Logs(40)
		c.Stop()
		return nil, fmt.Errorf("%w\n%s", err, logs)
	}
	return c, nil
}

// guard stops the processes when no cleanup will run any more: a little before
// the test binary's time limit makes it panic, and on an interrupt.
func (c *Cluster) guard(tb testing.TB) (disarm func()) {
	var deadline <-chan time.Time
	if d, ok := tb.(interface{ Deadline() (time.Time, bool) }); ok {
		if at, ok := d.Deadline(); ok {
			timer := time.NewTimer(time.Until(at) - 2*time.Second)
			deadline = timer.C
		}
	}
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt, syscall.SIGTERM)
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		defer signal.Stop(interrupt)
		select {
		case <-quit:
			return
		case <-deadline:
			fmt.Fprintf(os.Stderr, "test time limit is near: stopping RocketMQ %s\n%s\n", c.Version, c.Logs(40))
			c.killAll()
		case s := <-interrupt:
			c.killAll()
			os.RemoveAll(c.dir)
			signal.Stop(interrupt)
			if p, err := os.FindProcess(os.Getpid()); err == nil {
				_ = p.Signal(s) // now with its usual effect
			}
		}
	}()
	return func() {
		close(quit)
		<-gone
	}
}

func (c *Cluster) startNameServers(ctx context.Context) error {
	for i := range c.cfg.NameServers {
		port, err := freePort(0)
		if err != nil {
			return err
		}
		p, err := c.newProcess(fmt.Sprintf("namesrv-%d", i), "64m", "org.apache.rocketmq.namesrv.NamesrvStartup", "namesrv.conf")
		if err != nil {
			return err
		}
		c.nameServers = append(c.nameServers, p)
		c.addrs = append(c.addrs, loopback(port))
		conf := strings.Join(append([]string{fmt.Sprintf("listenPort=%d", port)}, c.cfg.NameServerConf...), "\n") + "\n"
		if err := os.WriteFile(filepath.Join(p.dir, "namesrv.conf"), []byte(conf), 0o644); err != nil {
			return err
		}
		if err := p.start(); err != nil {
			return err
		}
	}
	c.observer = observe.NewCluster(c.addrs...)
	c.observer.UseTLS(c.cfg.ObserverTLS)
	for i, p := range c.nameServers {
		err := c.wait(ctx, p, func(ctx context.Context) error {
			_, err := c.observer.Brokers(ctx, i)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) startBrokers(ctx context.Context) error {
	for m := range c.cfg.Masters {
		for id := range c.cfg.Slaves + 1 {
			b := &Broker{Name: fmt.Sprintf("broker-%d", m), ID: id}
			var err error
			// The fast port is listenPort-2, the HA port ours to choose.
			if b.port, err = freePort(0, -2, 1); err != nil {
				return err
			}
			b.Addr = loopback(b.port)
			b.proc, err = c.newProcess(fmt.Sprintf("%s-%d", b.Name, id), c.cfg.Heap, "org.apache.rocketmq.broker.BrokerStartup", "broker.conf")
			if err != nil {
				return err
			}
			c.brokers = append(c.brokers, b)
			conf := c.cfg.brokerConf(b, c.addrs, b.port+1)
			if err := os.WriteFile(filepath.Join(b.proc.dir, "broker.conf"), []byte(conf), 0o644); err != nil {
				return err
			}
			if err := b.proc.start(); err != nil {
				return err
			}
		}
	}
	for _, b := range c.brokers {
		if err := c.waitListed(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// waitListed polls GET_BROKER_CLUSTER_INFO of every name server.
func (c *Cluster) waitListed(ctx context.Context, b *Broker) error {
	for i := range c.addrs {
		err := c.wait(ctx, b.proc, func(ctx context.Context) error {
			brokers, err := c.observer.Brokers(ctx, i)
			if err != nil {
				return err
			}
			if got := brokers[b.Name].Addrs[int64(b.ID)]; got != b.Addr {
				c.observer.Announce(ctx, b.Addr)
				return fmt.Errorf("name server %d lists %q for broker %s id %d", i, got, b.Name, b.ID)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// wait repeats a probe until it succeeds, the process dies or ctx ends.
func (c *Cluster) wait(ctx context.Context, p *process, probe func(context.Context) error) error {
	for {
		attempt, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := probe(attempt)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", p.name, err)
		case <-p.done:
			return errors.New(p.name + " ended while starting")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (c *Cluster) newProcess(name, heap, class, conf string) (*process, error) {
	p := &process{name: name, dir: filepath.Join(c.dir, name)}
	confDir := filepath.Join(p.dir, "conf")
	for _, dir := range []string{confDir, filepath.Join(p.dir, "home"), filepath.Join(p.dir, "store")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	if err := writeLogback(confDir); err != nil {
		return nil, err
	}
	for file, text := range c.cfg.Files {
		if err := os.WriteFile(filepath.Join(confDir, file), []byte(strings.ReplaceAll(text, "{conf}", confDir)), 0o600); err != nil {
			return nil, err
		}
	}
	p.env = []string{"ROCKETMQ_HOME=" + p.dir}
	p.argv = append([]string{"java", "-Xms" + heap, "-Xmx" + heap, "-XX:MaxDirectMemorySize=256m"}, jvmFlags()...)
	p.argv = append(p.argv,
		"-Duser.home="+filepath.Join(p.dir, "home"),
		"-Drocketmq.home.dir="+p.dir,
		"-Drmq.logback.configurationFile="+filepath.Join(confDir, "logback5.xml"))
	for _, property := range c.cfg.Properties {
		p.argv = append(p.argv, "-D"+strings.ReplaceAll(property, "{conf}", confDir))
	}
	p.argv = append(p.argv, "-cp", filepath.Join(c.jars, "*"), class, "-c", filepath.Join(p.dir, conf))
	return p, nil
}

// NameServers returns the addresses of the name servers.
func (c *Cluster) NameServers() []string { return append([]string(nil), c.addrs...) }

// Brokers returns all brokers, masters and slaves.
func (c *Cluster) Brokers() []*Broker { return append([]*Broker(nil), c.brokers...) }

// Observer looks at the cluster with requests of its own.
func (c *Cluster) Observer() *observe.Cluster { return c.observer }

// Kill ends a broker at once, as kill -9 does.
func (c *Cluster) Kill(b *Broker) { b.proc.kill() }

// Restart runs a killed broker again on its old port and store and waits until
// the name servers list it.
func (c *Cluster) Restart(ctx context.Context, b *Broker) error {
	if b.proc.running() {
		return fmt.Errorf("broker %s id %d is running", b.Name, b.ID)
	}
	if err := b.proc.start(); err != nil {
		return err
	}
	if err := c.wait(ctx, b.proc, func(ctx context.Context) error {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", b.Addr)
		if err != nil {
			return err
		}
		return conn.Close()
	}); err != nil {
		return err
	}
	return c.waitListed(ctx, b)
}

// Logs returns the last lines of every process's output.
func (c *Cluster) Logs(lines int) string {
	var b strings.Builder
	for _, p := range c.processes() {
		fmt.Fprintf(&b, "--- %s (RocketMQ %s), last lines:\n%s\n", p.name, c.Version, p.tail(lines))
	}
	return b.String()
}

func (c *Cluster) processes() []*process {
	all := append([]*process(nil), c.nameServers...)
	for _, b := range c.brokers {
		all = append(all, b.proc)
	}
	return all
}

func (c *Cluster) killAll() {
	for _, p := range c.processes() {
		p.kill()
	}
}

// Stop ends every process and removes all files. It may be called twice; the
// test's cleanup calls it anyway.
func (c *Cluster) Stop() {
	c.stopOnce.Do(func() {
		c.disarm()
		if c.observer != nil {
			c.observer.Close()
		}
		c.killAll()
		os.RemoveAll(c.dir)
	})
}
