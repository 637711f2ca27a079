package broker

import (
	"crypto/tls"
	"fmt"
	"path/filepath"
	"strings"
)

// Config says what to run. The zero value is one name server and one master of
// the newest release.
type Config struct {
	Version     string // of Apache RocketMQ; default V5_4_0
	NameServers int    // default 1
	Masters     int    // default 1
	Slaves      int    // of each master

	// BrokerConf are additional lines of broker.conf, which win over ours.
	BrokerConf []string
	// NameServerConf are additional lines of the name server's configuration.
	NameServerConf []string
	// Properties are JVM system properties (name=value) for every process; {conf}
	// stands for its conf folder, here and in Files.
	Properties []string
	// Files are written below the conf folder of every process's ROCKETMQ_HOME:
	// plain_acl.yml, TLS settings, keys.
	Files map[string]string
	// ObserverTLS is how the harness itself connects when servers demand TLS.
	ObserverTLS *tls.Config
	// Heap is the size of a broker's heap, default 256m.
	Heap string
}

func (c Config) withDefaults() Config {
	if c.Version == "" {
		c.Version = V5_4_0
	}
	c.NameServers = max(c.NameServers, 1)
	c.Masters = max(c.Masters, 1)
	if c.Heap == "" {
		c.Heap = "256m"
	}
	return c
}

// brokerConf is the broker.conf of one broker process.
func (c Config) brokerConf(b *Broker, nameServers []string, haPort int) string {
	role := "ASYNC_MASTER"
	if b.ID != 0 {
		role = "SLAVE"
	}
	store := filepath.Join(b.proc.dir, "store")
	lines := []string{
		"brokerClusterName=DefaultCluster",
		"brokerName=" + b.Name,
		fmt.Sprintf("brokerId=%d", b.ID),
		"brokerRole=" + role,
		"namesrvAddr=" + strings.Join(nameServers, ";"),
		"brokerIP1=127.0.0.1",
		"brokerIP2=127.0.0.1",
		fmt.Sprintf("listenPort=%d", b.port),
		fmt.Sprintf("haListenPort=%d", haPort),
		"storePathRootDir=" + store,
		"storePathCommitLog=" + filepath.Join(store, "commitlog"),
		"flushDiskType=ASYNC_FLUSH",
		"slaveReadEnable=true",
		// Small files: a fresh broker must not write gigabytes.
		"mappedFileSizeCommitLog=67108864",
		"mappedFileSizeConsumeQueue=300000",
		"maxIndexNum=40000",
		"maxHashSlotNum=10000",
		// The test machine's disk may be nearly full for reasons of its own.
		"diskMaxUsedSpaceRatio=95",
		// By default a request that has waited for 200 ms is thrown away, a one-way
		// one silently. That tests the machine, not the client.
		"waitTimeMillsInSendQueue=10000",
		// Register every 10 s instead of 30 s.
		"registerNameServerPeriod=10000",
	}
	if strings.HasPrefix(c.Version, "5.") {
		// An idle timer wheel burns a third of a core.
		lines = append(lines, "timerWheelEnable=false")
	}
	return strings.Join(append(lines, c.BrokerConf...), "\n") + "\n"
}
