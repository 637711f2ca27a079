package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// ClusterInfo is the body of the answer to GET_BROKER_CLUSTER_INFO, which has no header (Java: ClusterInfo).
type ClusterInfo struct {
	BrokerAddrTable  map[string]BrokerData `json:"brokerAddrTable"`  // by broker name
	ClusterAddrTable map[string][]string   `json:"clusterAddrTable"` // cluster → broker names
}

// Encode writes the body in standard JSON.
func (c *ClusterInfo) Encode() ([]byte, error) {
	full := ClusterInfo{
		BrokerAddrTable:  make(map[string]BrokerData, len(c.BrokerAddrTable)),
		ClusterAddrTable: make(map[string][]string, len(c.ClusterAddrTable)),
	}
	for name, b := range c.BrokerAddrTable {
		full.BrokerAddrTable[name] = b.withAddrs()
	}
	for name, brokers := range c.ClusterAddrTable {
		full.ClusterAddrTable[name] = notNil(brokers)
	}
	return json.Marshal(&full)
}

// EncodeFastjson writes the body as every name server does: broker ids without quotes.
func (c *ClusterInfo) EncodeFastjson() ([]byte, error) {
	body, err := c.Encode()
	return wire.Fastjson(body), err
}

// Decode reads the body in either form.
func (c *ClusterInfo) Decode(body []byte) error { return decodeBody(c, "cluster info", body) }
