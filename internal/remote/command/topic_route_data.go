package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// Bits of QueueData.Perm and TopicConfig.Perm (Java: PermName).
const (
	PermInherit int32 = 1
	PermWrite   int32 = 2
	PermRead    int32 = 4
)

// QueueData is what one broker has of a topic (Java: QueueData).
type QueueData struct {
	BrokerName     string `json:"brokerName"`
	Perm           int32  `json:"perm"`
	ReadQueueNums  int32  `json:"readQueueNums"`
	TopicSysFlag   int32  `json:"topicSysFlag"`
	WriteQueueNums int32  `json:"writeQueueNums"`
}

// MasterID is the broker id of a master; replicas have larger ones.
const MasterID int64 = 0

// BrokerData is one broker with its replicas (Java: BrokerData).
type BrokerData struct {
	BrokerAddrs        map[int64]string `json:"brokerAddrs"` // broker id → host:port
	BrokerName         string           `json:"brokerName"`
	Cluster            string           `json:"cluster"`
	EnableActingMaster bool             `json:"enableActingMaster"`
	ZoneName           string           `json:"zoneName,omitempty"`
}

func (d BrokerData) withAddrs() BrokerData {
	d.BrokerAddrs = notNilMap(d.BrokerAddrs)
	return d
}

// TopicRouteData says where a topic's queues are (Java: TopicRouteData).
type TopicRouteData struct {
	BrokerDatas       []BrokerData        `json:"brokerDatas"`
	FilterServerTable map[string][]string `json:"filterServerTable"`
	OrderTopicConf    string              `json:"orderTopicConf,omitempty"` // broker:queues;broker:queues
	QueueDatas        []QueueData         `json:"queueDatas"`
}

// Encode writes the body in standard JSON.
func (d *TopicRouteData) Encode() ([]byte, error) {
	full := *d
	full.QueueDatas = notNil(d.QueueDatas)
	full.BrokerDatas = make([]BrokerData, len(d.BrokerDatas))
	for i, b := range d.BrokerDatas {
		full.BrokerDatas[i] = b.withAddrs()
	}
	full.FilterServerTable = notNilMap(d.FilterServerTable)
	return json.Marshal(&full)
}

// EncodeFastjson writes the body as name servers do for clients of a version below 401: broker ids without quotes.
func (d *TopicRouteData) EncodeFastjson() ([]byte, error) {
	body, err := d.Encode()
	return wire.Fastjson(body), err
}

// Decode reads the body in either form.
func (d *TopicRouteData) Decode(body []byte) error { return decodeBody(d, "topic route", body) }
