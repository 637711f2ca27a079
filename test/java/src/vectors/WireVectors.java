package vectors;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.serializer.SerializerFeature;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.rocketmq.common.BoundaryType;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.protocol.LanguageCode;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import org.apache.rocketmq.remoting.protocol.admin.ConsumeStats;
import org.apache.rocketmq.remoting.protocol.admin.OffsetWrapper;
import org.apache.rocketmq.remoting.protocol.body.CheckClientRequestBody;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.body.ConsumerRunningInfo;
import org.apache.rocketmq.remoting.protocol.body.GetConsumerStatusBody;
import org.apache.rocketmq.remoting.protocol.body.LockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.body.LockBatchResponseBody;
import org.apache.rocketmq.remoting.protocol.body.ProcessQueueInfo;
import org.apache.rocketmq.remoting.protocol.body.ResetOffsetBody;
import org.apache.rocketmq.remoting.protocol.body.UnlockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.header.*;
import org.apache.rocketmq.remoting.protocol.header.namesrv.GetRouteInfoRequestHeader;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumeType;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumerData;
import org.apache.rocketmq.remoting.protocol.heartbeat.HeartbeatData;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.heartbeat.ProducerData;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;

/**
 * Prints what the Java classes of Apache RocketMQ encode and accept, one JSON object a line, for the Go tests of
 * internal/remote/wire and internal/remote/command. wire_vectors.sh runs it: compiled for 5.4.0, which uses fastjson 2;
 * the arguments json and accepts also work with the classes of 5.1.4, which uses fastjson 1.
 */
public final class WireVectors {
    private static final PrintStream OUT = System.out;

    private static final String EVERYTHING =
        "tab\t nl\n cr\r bs\b ff\f nul\0 one\1 two\2 us\37 del\177 quote\" back\\ slash/ html<>&' "
            + "accent \u00e9 c1\u0085 nbsp\u00a0 chinese \u4e2d\u6587 sep\u2028\u2029 bom\ufeff emoji \ud83d\ude00 end";

    public static void main(String[] args) throws Exception {
        System.setOut(System.err); // the classes log to standard output
        switch (args.length == 1 ? args[0] : "") {
            case "frames":
                frames();
                break;
            case "json":
                headers();
                dialect();
                break;
            case "commands":
                requestHeaders();
                bodies();
                break;
            case "accepts":
                accepts();
                break;
            default:
                throw new IllegalArgumentException("argument: frames, json, commands or accepts");
        }
    }

    private static Map<String, Object> row(String kind, String name) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("release", MQVersion.getVersionDesc(MQVersion.CURRENT_VERSION));
        row.put("kind", kind);
        row.put("name", name);
        return row;
    }

    private static void print(Map<String, Object> row) {
        OUT.println(JSON.toJSONString(row, SerializerFeature.BrowserCompatible, SerializerFeature.WriteMapNullValue));
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append(String.format("%02x", b));
        }
        return text.toString();
    }

    private static Map<String, Object> describe(RemotingCommand cmd) {
        Map<String, Object> want = new LinkedHashMap<>();
        want.put("code", cmd.getCode());
        want.put("language", cmd.getLanguage() == null ? null : cmd.getLanguage().name());
        want.put("version", cmd.getVersion());
        want.put("opaque", cmd.getOpaque());
        want.put("flag", cmd.getFlag());
        want.put("remark", cmd.getRemark());
        want.put("fields", cmd.getExtFields() == null ? null : new TreeMap<>(cmd.getExtFields()));
        want.put("body", cmd.getBody() == null ? null : hex(cmd.getBody()));
        return want;
    }

    // --- whole frames, written as NettyEncoder writes them, and what Java reads out of them again

    private interface Build {
        RemotingCommand command();
    }

    private static void frame(String name, Build build) throws Exception {
        for (SerializeType type : SerializeType.values()) {
            RemotingCommand cmd = build.command();
            cmd.setSerializeTypeCurrentRPC(type);
            ByteBuf buf = Unpooled.buffer();
            cmd.fastEncodeHeader(buf);
            if (cmd.getBody() != null) {
                buf.writeBytes(cmd.getBody());
            }
            byte[] bytes = new byte[buf.readableBytes()];
            buf.getBytes(0, bytes);
            Map<String, Object> row = row("frame", name);
            row.put("serialization", type.name());
            row.put("hex", hex(bytes));
            row.put("want", describe(RemotingCommand.decode(Unpooled.wrappedBuffer(bytes, 4, bytes.length - 4))));
            print(row);
        }
    }

    private static RemotingCommand request(int code, CommandCustomHeader header, String body) {
        RemotingCommand cmd = RemotingCommand.createRequestCommand(code, header);
        cmd.setLanguage(LanguageCode.GO);
        cmd.setVersion(493);
        cmd.setOpaque(7);
        if (body != null) {
            cmd.setBody(body.getBytes(StandardCharsets.UTF_8));
        }
        return cmd;
    }

    private static RemotingCommand response(int code, String remark) {
        RemotingCommand cmd = RemotingCommand.createResponseCommand(code, remark);
        cmd.setVersion(493);
        cmd.setOpaque(Integer.MAX_VALUE);
        return cmd;
    }

    private static SendMessageRequestHeaderV2 sendV2(String properties) {
        SendMessageRequestHeaderV2 h = new SendMessageRequestHeaderV2();
        h.setA("PG");
        h.setB("TopicTest");
        h.setC("TBW102");
        h.setD(4);
        h.setE(3);
        h.setF(1);
        h.setG(1700000000000L);
        h.setH(-7);
        h.setI(properties);
        h.setJ(0);
        h.setK(false);
        h.setM(false);
        return h;
    }

    private static void frames() throws Exception {
        frame("no fields", () -> request(106, null, null));
        frame("route", () -> {
            GetRouteInfoRequestHeader h = new GetRouteInfoRequestHeader();
            h.setTopic("TopicTest");
            return request(105, h, "hi");
        });
        frame("send", () -> request(310, sendV2("TAGS\1TagA\2KEYS\1k1 k2\2UNIQ_KEY\1" + "0A0000010002\2"), "hello"));
        frame("send, all kinds of characters", () -> request(310, sendV2(EVERYTHING), "hello"));
        frame("send, empty properties", () -> request(310, sendV2(""), null));
        frame("one-way", () -> {
            RemotingCommand cmd = request(40, null, null);
            cmd.addExtField("consumerGroup", "\u7ec4");
            cmd.markOnewayRPC();
            return cmd;
        });
        frame("odd keys", () -> {
            RemotingCommand cmd = request(35, null, null);
            cmd.addExtField("a \"quoted\" \\ key\n", "v");
            cmd.addExtField("\u952e", "\ud83d\ude00");
            cmd.addExtField("IS_SUB_CHANGE", "true");
            return cmd;
        });
        frame("response", () -> response(0, null));
        frame("response, remark", () -> response(1, EVERYTHING));
        frame("response, send", () -> {
            RemotingCommand cmd = RemotingCommand.createResponseCommand(SendMessageResponseHeader.class);
            SendMessageResponseHeader h = (SendMessageResponseHeader) cmd.readCustomHeader();
            h.setMsgId("7F000001000051AF0000000000001928");
            h.setQueueId(3);
            h.setQueueOffset(Long.MAX_VALUE);
            h.setTransactionId("0A0000010002");
            cmd.setCode(0);
            cmd.setRemark(null);
            cmd.setVersion(493);
            cmd.setOpaque(8);
            cmd.addExtField("MSG_REGION", "DefaultRegion");
            cmd.addExtField("TRACE_ON", "true");
            return cmd;
        });
        frame("negative code", () -> response(-1004, "x"));
    }

    // --- JSON headers that Java accepts or refuses

    private static void header(String name, String json) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        ByteBuf buf = Unpooled.buffer();
        buf.writeInt(header.length);
        buf.writeBytes(header);
        Map<String, Object> row = row("header", name);
        row.put("json", json);
        try {
            row.put("want", describe(RemotingCommand.decode(buf)));
        } catch (Throwable t) {
            row.put("want", null);
        }
        print(row);
    }

    private static void headers() {
        String base = "\"code\":5,\"opaque\":6";
        header("white space", " \t\r\n{ \"code\" :\n5 ,\t\"opaque\"\r: 6 } \n");
        header("unknown members", "{" + base + ",\"x\":[1,{\"y\":[]},null,\"s\"],\"z\":{\"code\":9},\"w\":1.5e3}");
        header("unknown member with bare keys", "{" + base + ",\"x\":{0:1,{\"a\":1}:2}}");
        for (String language : new String[] {"\"GO\"", "\"go\"", "\"Go\"", "9", "0", "12", "null", "\"KLINGON\"", "99", "\"\""}) {
            header("language " + language, "{" + base + ",\"language\":" + language + "}");
        }
        header("no language", "{" + base + "}");
        header("ext missing", "{" + base + "}");
        header("ext empty", "{" + base + ",\"extFields\":{}}");
        header("ext null", "{" + base + ",\"extFields\":null}");
        header("ext numbers and booleans", "{" + base + ",\"extFields\":{\"a\":1,\"b\":-7,\"c\":true,\"d\":false,\"e\":9223372036854775807}}");
        header("ext value null", "{" + base + ",\"extFields\":{\"a\":null,\"b\":\"\"}}");
        header("ext repeated key", "{" + base + ",\"extFields\":{\"a\":\"1\",\"a\":\"2\"}}");
        header("ext object value", "{" + base + ",\"extFields\":{\"a\":{\"x\":1},\"b\":[1,2]}}");
        header("escapes", "{" + base + ",\"remark\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u4e2d\\ud83d\\ude00\"}");
        header("escapes of fastjson", "{" + base + ",\"remark\":\"\\'\\v\\x41\\0\\7\\F\"}");
        header("escaped name", "{\"c\\u006fde\":5,\"opaque\":6,\"extFields\":{\"k\\u0001\":\"v\"}}");
        header("raw control characters", "{" + base + ",\"remark\":\"a\1b\tc\"}");
        header("single quotes", "{'code':5,'opaque':6,'extFields':{'k':'it\\'s \"v\"'}}");
        header("bare names", "{code:5,opaque:6,extFields:{key_1:\"v\"}}");
        header("trailing commas", "{" + base + ",\"extFields\":{\"a\":\"1\",},}");
        header("quoted numbers", "{\"code\":\"5\",\"opaque\":\"6\",\"flag\":\"1\",\"version\":\"493\"}");
        header("null numbers", "{" + base + ",\"flag\":null,\"version\":null,\"remark\":null}");
        header("remark number", "{" + base + ",\"remark\":12}");
        header("negative code", "{\"code\":-1000,\"opaque\":-1}");
        header("POP code", "{\"code\":200050,\"opaque\":6}");
        header("code too large", "{\"code\":2147483648,\"opaque\":6}");
        header("code text", "{\"code\":\"x\",\"opaque\":6}");
        header("cut off", "{" + base + ",\"remark\":\"a");
        header("trailing text", "{" + base + "} x");
        header("list", "[1]");
        header("ext is a list", "{" + base + ",\"extFields\":[1]}");
    }

    // --- bodies in fastjson's own dialect

    private static void text(String name, Object value) {
        Map<String, Object> row = row("fastjson", name);
        row.put("text", RemotingSerializable.toJson(value, false));
        print(row);
    }

    private static void dialect() {
        text("cluster info", clusterInfo());
        text("reset offset", resetOffset());
        GetConsumerStatusBody status = new GetConsumerStatusBody();
        Map<MessageQueue, Long> offsets = new LinkedHashMap<>();
        offsets.put(new MessageQueue("TopicTest", "broker \"a\"\n", 1), 20L);
        Map<String, Map<MessageQueue, Long>> table = new LinkedHashMap<>();
        table.put("10.0.0.1@1", offsets);
        status.setConsumerTable(table);
        text("consumer status", status);
        ConsumeStats stats = new ConsumeStats();
        stats.getOffsetTable().put(new MessageQueue("TopicTest", "broker-a", 0), new OffsetWrapper());
        text("consume stats", stats);
        ConsumerRunningInfo running = new ConsumerRunningInfo();
        Properties properties = new Properties();
        properties.setProperty("PROP_CONSUME_TYPE", "CONSUME_PASSIVELY");
        running.setProperties(properties);
        running.getMqTable().put(new MessageQueue("TopicTest", "broker-a", 0), new ProcessQueueInfo());
        running.getSubscriptionSet().add(subscription());
        text("running info", running);
        Map<Long, Object> numbers = new TreeMap<>();
        numbers.put(-1L, "minus");
        numbers.put(0L, 1.5);
        numbers.put(Long.MAX_VALUE, Arrays.asList(true, null, EVERYTHING));
        text("numbers as names", numbers);
    }

    // --- headers, as the fields that go over the wire

    private static void fields(int code, CommandCustomHeader header) {
        RemotingCommand cmd = RemotingCommand.createRequestCommand(code, header);
        cmd.makeCustomHeaderToNet();
        Map<String, Object> row = row("header", header.getClass().getSimpleName());
        row.put("code", code);
        row.put("fields", new TreeMap<>(cmd.getExtFields() == null ? new HashMap<>() : cmd.getExtFields()));
        print(row);
    }

    private static void requestHeaders() {
        SendMessageRequestHeaderV2 v2 = sendV2("TAGS\1TagA\2");
        v2.setBrokerName("broker-a");
        fields(310, v2);
        v2.setL(16);
        v2.setJ(2);
        v2.setM(true);
        fields(320, v2);
        SendMessageRequestHeader v1 = SendMessageRequestHeaderV2.createSendMessageRequestHeaderV1(v2);
        v1.setBrokerName("broker-a");
        fields(10, v1);
        SendMessageResponseHeader sent = new SendMessageResponseHeader();
        sent.setMsgId("7F000001000051AF0000000000001928");
        sent.setQueueId(3);
        sent.setQueueOffset(5L);
        sent.setTransactionId("0A00");
        sent.setBatchUniqId("0B00");
        sent.setRecallHandle("handle");
        fields(310, sent);
        PullMessageRequestHeader pull = new PullMessageRequestHeader();
        pull.setConsumerGroup("CG");
        pull.setTopic("TopicTest");
        pull.setQueueId(3);
        pull.setQueueOffset(100L);
        pull.setMaxMsgNums(32);
        pull.setSysFlag(7);
        pull.setCommitOffset(90L);
        pull.setSuspendTimeoutMillis(15000L);
        pull.setSubscription("TagA || TagB");
        pull.setSubVersion(1700000000000L);
        pull.setExpressionType("TAG");
        pull.setMaxMsgBytes(262144);
        pull.setBrokerName("broker-a");
        fields(11, pull);
        PullMessageResponseHeader pulled = new PullMessageResponseHeader();
        pulled.setSuggestWhichBrokerId(1L);
        pulled.setNextBeginOffset(132L);
        pulled.setMinOffset(1L);
        pulled.setMaxOffset(1000L);
        pulled.setOffsetDelta(4L);
        pulled.setTopicSysFlag(1);
        pulled.setGroupSysFlag(2);
        pulled.setForbiddenType(3);
        fields(11, pulled);
        QueryConsumerOffsetRequestHeader query = new QueryConsumerOffsetRequestHeader();
        query.setConsumerGroup("CG");
        query.setTopic("TopicTest");
        query.setQueueId(3);
        query.setBrokerName("broker-a");
        fields(14, query);
        query.setSetZeroIfNotFound(false);
        fields(14, query);
        QueryConsumerOffsetResponseHeader queried = new QueryConsumerOffsetResponseHeader();
        queried.setOffset(7L);
        fields(14, queried);
        UpdateConsumerOffsetRequestHeader update = new UpdateConsumerOffsetRequestHeader();
        update.setConsumerGroup("CG");
        update.setTopic("TopicTest");
        update.setQueueId(3);
        update.setCommitOffset(8L);
        update.setBrokerName("broker-a");
        fields(15, update);
        CreateTopicRequestHeader create = new CreateTopicRequestHeader();
        create.setTopic("TopicTest");
        create.setDefaultTopic("TBW102");
        create.setReadQueueNums(8);
        create.setWriteQueueNums(4);
        create.setPerm(6);
        create.setTopicFilterType("SINGLE_TAG");
        create.setTopicSysFlag(1);
        create.setOrder(true);
        create.setAttributes("+message.type=FIFO");
        create.setBrokerName("broker-a");
        fields(17, create);
        SearchOffsetRequestHeader search = new SearchOffsetRequestHeader();
        search.setTopic("TopicTest");
        search.setQueueId(3);
        search.setTimestamp(1700000000000L);
        search.setBoundaryType(BoundaryType.UPPER);
        search.setBrokerName("broker-a");
        fields(29, search);
        SearchOffsetResponseHeader searched = new SearchOffsetResponseHeader();
        searched.setOffset(9L);
        fields(29, searched);
        GetMaxOffsetRequestHeader max = new GetMaxOffsetRequestHeader();
        max.setTopic("TopicTest");
        max.setQueueId(3);
        max.setBrokerName("broker-a");
        fields(30, max);
        GetMaxOffsetResponseHeader maxed = new GetMaxOffsetResponseHeader();
        maxed.setOffset(10L);
        fields(30, maxed);
        GetMinOffsetRequestHeader min = new GetMinOffsetRequestHeader();
        min.setTopic("TopicTest");
        min.setQueueId(3);
        min.setBrokerName("broker-a");
        fields(31, min);
        GetMinOffsetResponseHeader mined = new GetMinOffsetResponseHeader();
        mined.setOffset(11L);
        fields(31, mined);
        GetEarliestMsgStoretimeRequestHeader earliest = new GetEarliestMsgStoretimeRequestHeader();
        earliest.setTopic("TopicTest");
        earliest.setQueueId(3);
        earliest.setBrokerName("broker-a");
        fields(32, earliest);
        GetEarliestMsgStoretimeResponseHeader earliestAnswer = new GetEarliestMsgStoretimeResponseHeader();
        earliestAnswer.setTimestamp(-1L);
        fields(32, earliestAnswer);
        ViewMessageRequestHeader view = new ViewMessageRequestHeader();
        view.setTopic("TopicTest");
        view.setOffset(4202L);
        fields(33, view);
        HeartbeatRequestHeader heartbeat = new HeartbeatRequestHeader();
        heartbeat.setBrokerName("broker-a");
        fields(34, heartbeat);
        UnregisterClientRequestHeader unregister = new UnregisterClientRequestHeader();
        unregister.setClientID("10.0.0.1@1");
        unregister.setProducerGroup("PG");
        unregister.setConsumerGroup("CG");
        unregister.setBrokerName("broker-a");
        fields(35, unregister);
        ConsumerSendMsgBackRequestHeader back = new ConsumerSendMsgBackRequestHeader();
        back.setOffset(4202L);
        back.setGroup("CG");
        back.setDelayLevel(3);
        back.setOriginMsgId("0A00");
        back.setOriginTopic("TopicTest");
        back.setMaxReconsumeTimes(16);
        back.setBrokerName("broker-a");
        fields(36, back);
        GetConsumerListByGroupRequestHeader list = new GetConsumerListByGroupRequestHeader();
        list.setConsumerGroup("CG");
        list.setBrokerName("broker-a");
        fields(38, list);
        NotifyConsumerIdsChangedRequestHeader notify = new NotifyConsumerIdsChangedRequestHeader();
        notify.setConsumerGroup("CG");
        fields(40, notify);
        GetRouteInfoRequestHeader route = new GetRouteInfoRequestHeader();
        route.setTopic("TopicTest");
        route.setAcceptStandardJsonOnly(true);
        fields(105, route);
        DeleteTopicRequestHeader delete = new DeleteTopicRequestHeader();
        delete.setTopic("TopicTest");
        delete.setBrokerName("broker-a");
        fields(215, delete);
        ResetOffsetRequestHeader reset = new ResetOffsetRequestHeader();
        reset.setTopic("TopicTest");
        reset.setGroup("CG");
        reset.setTimestamp(1700000000000L);
        reset.setForce(true);
        fields(220, reset);
    }

    // --- bodies: what Java writes, and what it makes of standard JSON

    private static void body(String name, Object value) {
        Map<String, Object> row = row("body", name);
        row.put("text", RemotingSerializable.toJson(value, false));
        print(row);
    }

    private static void accepts(String name, Class<?> type, String json) {
        Map<String, Object> row = row("accepts", name);
        row.put("json", json);
        try {
            row.put("text", RemotingSerializable.toJson(RemotingSerializable.fromJson(json, type), false));
        } catch (RuntimeException e) {
            row.put("text", null);
        }
        print(row);
    }

    private static SubscriptionData subscription() {
        SubscriptionData s = new SubscriptionData();
        s.setTopic("TopicTest");
        s.setSubString("TagA || TagB");
        s.setTagsSet(new TreeSet<>(Arrays.asList("TagA", "TagB")));
        s.setCodeSet(new TreeSet<>(Arrays.asList("TagA".hashCode(), "TagB".hashCode())));
        s.setSubVersion(1700000000000L);
        return s;
    }

    private static BrokerData brokerData() {
        HashMap<Long, String> addrs = new HashMap<>();
        addrs.put(0L, "10.0.0.1:10911");
        addrs.put(1L, "10.0.0.2:10911");
        BrokerData broker = new BrokerData("DefaultCluster", "broker-a", addrs);
        broker.setZoneName("zone-\u4e00");
        return broker;
    }

    private static ClusterInfo clusterInfo() {
        ClusterInfo info = new ClusterInfo();
        Map<String, BrokerData> brokers = new LinkedHashMap<>();
        brokers.put("broker-a", brokerData());
        info.setBrokerAddrTable(brokers);
        Map<String, java.util.Set<String>> clusters = new LinkedHashMap<>();
        clusters.put("DefaultCluster", new LinkedHashSet<>(Arrays.asList("broker-a")));
        info.setClusterAddrTable(clusters);
        return info;
    }

    private static TopicRouteData route() {
        TopicRouteData route = new TopicRouteData();
        route.setBrokerDatas(Arrays.asList(brokerData()));
        QueueData queue = new QueueData();
        queue.setBrokerName("broker-a");
        queue.setReadQueueNums(8);
        queue.setWriteQueueNums(4);
        queue.setPerm(6);
        queue.setTopicSysFlag(1);
        route.setQueueDatas(Arrays.asList(queue));
        route.setFilterServerTable(new HashMap<>());
        route.setOrderTopicConf("broker-a:4");
        return route;
    }

    private static ResetOffsetBody resetOffset() {
        ResetOffsetBody body = new ResetOffsetBody();
        Map<MessageQueue, Long> table = new LinkedHashMap<>();
        table.put(new MessageQueue("\u4e3b\u9898", "b \"q\" \\", 1), 20L);
        table.put(new MessageQueue("TopicTest", "broker-a", 0), 10L);
        body.setOffsetTable(table);
        return body;
    }

    private static HeartbeatData heartbeat() {
        HeartbeatData data = new HeartbeatData();
        data.setClientID("10.0.0.1@123");
        ProducerData producer = new ProducerData();
        producer.setGroupName("PG");
        data.getProducerDataSet().add(producer);
        ConsumerData consumer = new ConsumerData();
        consumer.setGroupName("CG");
        consumer.setConsumeType(ConsumeType.CONSUME_PASSIVELY);
        consumer.setMessageModel(MessageModel.CLUSTERING);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_LAST_OFFSET);
        consumer.getSubscriptionDataSet().add(subscription());
        data.getConsumerDataSet().add(consumer);
        return data;
    }

    private static void bodies() {
        body("HeartbeatData", heartbeat());
        Map<String, Object> row = row("fingerprint", "HeartbeatData");
        row.put("fingerprint", heartbeat().computeHeartbeatFingerprint());
        print(row);
        HeartbeatData empty = new HeartbeatData();
        empty.setClientID("c");
        body("HeartbeatData, empty", empty);
        GetConsumerListByGroupResponseBody list = new GetConsumerListByGroupResponseBody();
        list.setConsumerIdList(Arrays.asList("10.0.0.1@1", "10.0.0.2@2"));
        body("ConsumerList", list);
        LockBatchRequestBody lock = new LockBatchRequestBody();
        lock.setClientId("10.0.0.1@1");
        lock.setConsumerGroup("CG");
        lock.getMqSet().add(new MessageQueue("TopicTest", "broker-a", 3));
        body("LockBatchRequestBody", lock);
        LockBatchResponseBody locked = new LockBatchResponseBody();
        locked.getLockOKMQSet().add(new MessageQueue("TopicTest", "broker-a", 3));
        body("LockBatchResponseBody", locked);
        UnlockBatchRequestBody unlock = new UnlockBatchRequestBody();
        unlock.setClientId("10.0.0.1@1");
        unlock.setConsumerGroup("CG");
        unlock.getMqSet().add(new MessageQueue("TopicTest", "broker-a", 3));
        body("UnlockBatchRequestBody", unlock);
        CheckClientRequestBody check = new CheckClientRequestBody();
        check.setClientId("10.0.0.1@1");
        check.setGroup("CG");
        check.setSubscriptionData(subscription());
        check.setNamespace("ns");
        body("CheckClientConfigBody", check);
        body("TopicRouteData", route());
        body("ClusterInfo", clusterInfo());
        body("ResetOffsetBody", resetOffset());
        body("TopicConfig", new TopicConfig("TopicTest"));
        SubscriptionGroupConfig group = new SubscriptionGroupConfig();
        group.setGroupName("CG");
        body("SubscriptionGroupConfig", group);
    }

    private static void accepts() {
        accepts("TopicRouteData", TopicRouteData.class, "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"10.0.0.1:10911\",\"1\":\"10.0.0.2:10911\"},"
            + "\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\",\"enableActingMaster\":false,\"zoneName\":\"zone-\u4e00\"}],\"filterServerTable\":{},"
            + "\"orderTopicConf\":\"broker-a:4\",\"queueDatas\":[{\"brokerName\":\"broker-a\",\"perm\":6,\"readQueueNums\":8,\"topicSysFlag\":1,\"writeQueueNums\":4}]}");
        accepts("ResetOffsetBody", ResetOffsetBody.class, "{\"offsetTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"TopicTest\"}:10}}");
        accepts("ResetOffsetBody, quoted names", ResetOffsetBody.class, "{\"offsetTable\":{\"{\\\"brokerName\\\":\\\"broker-a\\\",\\\"queueId\\\":0,\\\"topic\\\":\\\"TopicTest\\\"}\":10}}");
        accepts("SubscriptionGroupConfig", SubscriptionGroupConfig.class, "{\"attributes\":{},\"brokerId\":0,\"consumeBroadcastEnable\":true,\"consumeEnable\":true,"
            + "\"consumeFromMinEnable\":true,\"consumeMessageOrderly\":false,\"consumeTimeoutMinute\":15,\"groupName\":\"CG\",\"groupSysFlag\":0,"
            + "\"notifyConsumerIdsChangedEnable\":true,\"retryMaxTimes\":16,\"retryQueueNums\":1,\"whichBrokerWhenConsumeSlowly\":1}");
    }
}
