package vectors;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.producer.selector.SelectMessageQueueByHash;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.Compressor;
import org.apache.rocketmq.common.compression.CompressorFactory;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientExt;
import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageExtBrokerInner;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.message.MessageVersion;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.store.MessageExtEncoder;
import org.apache.rocketmq.store.PutMessageResult;
import org.apache.rocketmq.store.config.MessageStoreConfig;

/**
 * Prints what the Java classes of Apache RocketMQ make of messages, properties, hashes, ids, bodies and signatures,
 * one JSON object a line, for the Go tests of internal/remote/record, primitive and internal/remote.
 * record_vectors.sh runs it. The argument decompress reads bodies that Go compressed and checks them.
 */
public final class RecordVectors {
    private static final PrintStream OUT = utf8(System.out);
    private static final long BORN = 1700000000000L;

    public static void main(String[] args) throws Exception {
        System.setOut(System.err); // the classes log to standard output
        switch (args.length > 0 ? args[0] : "") {
            case "acl":
                acl();
                break;
            case "messages":
                messages();
                innerBatch();
                break;
            case "batches":
                batches();
                break;
            case "properties":
                properties();
                break;
            case "hashes":
                hashes();
                break;
            case "ids":
                ids();
                break;
            case "compression":
                compression();
                break;
            case "decompress":
                decompress(args[1]);
                break;
            default:
                throw new IllegalArgumentException("acl, messages, batches, properties, hashes, ids, compression or decompress <file>");
        }
        OUT.flush();
    }

    // Signatures: org.apache.rocketmq.acl.common.

    private static void acl() {
        signature("plain", "ak", "sk", null, fields("topic", "T"), "hi");
        signature("no fields", "accessKey", "12345678", null, fields(), "");
        signature("no body", "accessKey", "12345678", null, fields("topic", "TopicTest"), null);
        signature("security token", "ak", "sk", "token-1", fields("topic", "T", "queueId", "3"), "hi");
        signature("empty security token", "ak", "sk", "", fields("topic", "T"), "hi");
        signature("field order", "ak", "sk", "st",
            fields("b", "2", "a", "1", "B", "4", "A", "3", "_", "5", "Z", "6", "SecurityTokenX", "7", "Access", "8"), "body");
        signature("utf-16 order", "ak", "sk", null,
            fields("\uD83D\uDE00", "astral", "\uFF21", "full width", "\u00E9", "accent", "z", "ascii"), "body");
        signature("non-ascii", "\u5BC6\u94A5", "\u5BC6\u7801\uD83D\uDD11", "\u4EE4\u724C",
            fields("topic", "\u4E3B\u9898", "properties", "KEYS\u0001k\u0002TAGS\u0001\u6807\u7B7E\u0002"), "\u6B63\u6587");
        signature("empty value", "ak", "sk", null, fields("a", "", "b", "x"), "hi");
        signature("old signature", "ak", "sk", null, fields("topic", "T", "Signature", "stale"), "hi");
        signature("old access key", "ak", "sk", null, fields("topic", "T", "AccessKey", "other"), "hi");
        signature("send v2", "rocketmq2", "12345678", null,
            fields("a", "PG", "b", "TopicTest", "c", "TBW102", "d", "4", "e", "0", "f", "0", "g", "1700000000000",
                "h", "0", "i", "UNIQ_KEY\u00017F0000010001\u0002WAIT\u0001true\u0002", "j", "0", "k", "false", "l", "0",
                "m", "false", "n", "broker-a"), "hello");
        signature("long key and body", repeat("a", 70), repeat("s", 200), null, fields("topic", repeat("t", 127)), repeat("body ", 2000));
    }

    private static void signature(String name, String accessKey, String secretKey, String token, Map<String, String> fields, String body) {
        RemotingCommand request = RemotingCommand.createRequestCommand(10, null);
        request.setExtFields(new LinkedHashMap<>(fields));
        byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        request.setBody(bytes);
        SessionCredentials credentials = new SessionCredentials(accessKey, secretKey);
        if (token != null) {
            credentials.setSecurityToken(token);
        }
        new AclClientRPCHook(credentials).doBeforeRequest("127.0.0.1:10911", request);
        Line line = new Line().text("name", name).text("accessKey", accessKey).text("secretKey", secretKey);
        if (token != null) {
            line.text("securityToken", token);
        }
        line.map("fields", fields).hex("body", bytes == null ? new byte[0] : bytes).map("signed", request.getExtFields()).print();
    }

    // Stored messages: MessageDecoder.encode, and MessageExtEncoder for version 2; both read by clientDecode.

    private static void messages() throws Exception {
        MessageExt golden = message("TopicTest", "hello", "10.0.0.1", "10.0.0.2");
        golden.setQueueId(3);
        golden.setQueueOffset(5);
        golden.setCommitLogOffset(1000);
        golden.setStoreTimestamp(BORN + 1);
        put(golden, "TAGS", "TagA");
        stored("version 1", golden);

        MessageExt m = message("T", "x", "1.2.3.4", "255.254.253.252");
        m.setFlag(-7);
        m.setReconsumeTimes(3);
        m.setPreparedTransactionOffset(1234567890123L);
        m.setQueueOffset(Long.MAX_VALUE);
        m.setCommitLogOffset(0x0102030405060708L);
        m.setSysFlag(MessageSysFlag.TRANSACTION_COMMIT_TYPE);
        put(m, "UNIQ_KEY", "7F0000010001" + "0102030405060708090A", "TRAN_MSG", "true", "PGROUP", "PG");
        stored("transaction", m);

        m = message("TopicTest", "six born", "2001:db8::1", "10.0.0.2");
        stored("born host is IPv6", m);
        m = message("TopicTest", "six stored", "10.0.0.1", "fe80::1234:5678");
        stored("store host is IPv6", m);
        m = message("TopicTest", "six both", "2001:db8::1", "2001:db8::2");
        put(m, "KEYS", "k1 k2", "TAGS", "\u6807\u7B7E");
        stored("both hosts are IPv6", m);

        m = message("%RETRY%group", "\u6B63\u6587 \uD83D\uDE00", "10.0.0.1", "10.0.0.2");
        put(m, "TAGS", "\uD83D\uDE00", "\u540D", "\u503C");
        stored("text outside ASCII", m);

        for (CompressionType type : CompressionType.values()) {
            m = message("TopicTest", repeat("compress me ", 500), "10.0.0.1", "10.0.0.2");
            m.setSysFlag(MessageSysFlag.COMPRESSED_FLAG | type.getCompressionFlag());
            stored("compressed " + type, m);
        }
        m = message("TopicTest", repeat("compress me ", 500), "10.0.0.1", "10.0.0.2");
        m.setSysFlag(MessageSysFlag.COMPRESSED_FLAG);
        stored("compressed without a type", m);

        for (int length : new int[] {127, 128, 255, 300}) {
            m = message(repeat("t", length), "version by topic length", "10.0.0.1", "10.0.0.2");
            m.setQueueId(1);
            m.setQueueOffset(9);
            m.setCommitLogOffset(99);
            put(m, "TAGS", "TagA");
            storedByBroker("topic of " + length + " bytes", m);
        }
        m = message(repeat("t", 130), "both", "2001:db8::1", "2001:db8::2");
        put(m, "TAGS", "TagA");
        storedByBroker("version 2 with IPv6 hosts", m);
    }

    private static MessageExt message(String topic, String body, String born, String store) throws Exception {
        MessageExt m = new MessageExt();
        m.setTopic(topic);
        m.setBody(body.getBytes(StandardCharsets.UTF_8));
        m.setBornTimestamp(BORN);
        m.setStoreTimestamp(BORN + 1);
        m.setBornHost(new InetSocketAddress(InetAddress.getByName(born), 1234));
        m.setStoreHost(new InetSocketAddress(InetAddress.getByName(store), 10911));
        if (born.contains(":")) {
            m.setBornHostV6Flag();
        }
        if (store.contains(":")) {
            m.setStoreHostAddressV6Flag();
        }
        return m;
    }

    private static void put(Message m, String... pairs) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (m.getProperties() != null) {
            properties.putAll(m.getProperties());
        }
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put(pairs[i], pairs[i + 1]);
        }
        org.apache.rocketmq.common.message.MessageAccessor.setProperties(m, properties);
    }

    private static void stored(String name, MessageExt m) throws Exception {
        byte[] body = m.getBody();
        if ((m.getSysFlag() & MessageSysFlag.COMPRESSED_FLAG) != 0) {
            Compressor compressor = CompressorFactory.getCompressor(MessageSysFlag.getCompressionType(m.getSysFlag()));
            body = compressor.compress(body, 5);
        }
        m.setBodyCRC(UtilAll.crc32(body));
        decoded(name, MessageDecoder.encode(m, true));
    }

    private static void storedByBroker(String name, MessageExt m) throws Exception {
        MessageExtBrokerInner inner = new MessageExtBrokerInner();
        inner.setTopic(m.getTopic());
        inner.setBody(m.getBody());
        inner.setBodyCRC(UtilAll.crc32(m.getBody()));
        inner.setBornTimestamp(m.getBornTimestamp());
        inner.setBornHost(m.getBornHost());
        inner.setStoreTimestamp(m.getStoreTimestamp());
        inner.setStoreHost(m.getStoreHost());
        inner.setSysFlag(m.getSysFlag());
        inner.setQueueId(m.getQueueId());
        inner.setFlag(m.getFlag());
        inner.setPropertiesString(MessageDecoder.messageProperties2String(m.getProperties()));
        boolean longTopic = m.getTopic().getBytes(StandardCharsets.UTF_8).length > Byte.MAX_VALUE;
        inner.setVersion(longTopic ? MessageVersion.MESSAGE_VERSION_V2 : MessageVersion.MESSAGE_VERSION_V1);
        MessageExtEncoder encoder = new MessageExtEncoder(new MessageStoreConfig());
        PutMessageResult refused = encoder.encode(inner);
        if (refused != null) {
            throw new IllegalStateException(name + ": " + refused);
        }
        ByteBuffer buffer = encoder.getEncoderBuffer();
        byte[] bytes = new byte[buffer.getInt(0)]; // the buffer is larger
        buffer.get(bytes);
        ByteBuffer patched = ByteBuffer.wrap(bytes); // the log fills these in when it appends
        patched.putLong(MessageDecoder.QUEUE_OFFSET_POSITION, m.getQueueOffset());
        patched.putLong(MessageDecoder.PHY_POS_POSITION, m.getCommitLogOffset());
        patched.putLong(MessageDecoder.MESSAGE_STORE_TIMESTAMP_POSITION
            + (m.getBornHost() != null && (m.getSysFlag() & MessageSysFlag.BORNHOST_V6_FLAG) != 0 ? 12 : 0), m.getStoreTimestamp());
        decoded(name, bytes);
    }

    private static void decoded(String name, byte[] bytes) {
        MessageClientExt m = (MessageClientExt) MessageDecoder.clientDecode(ByteBuffer.wrap(bytes), true);
        if (m == null) {
            throw new IllegalStateException("Java cannot decode " + name);
        }
        Line line = new Line().text("name", name).hex("stored", bytes);
        fields(line, m).print();
    }

    private static Line fields(Line line, MessageClientExt m) {
        Map<String, String> properties = m.getProperties() == null ? new TreeMap<>() : new TreeMap<>(m.getProperties());
        properties.remove("propertiesString");
        InetSocketAddress born = (InetSocketAddress) m.getBornHost();
        InetSocketAddress store = (InetSocketAddress) m.getStoreHost();
        return line.text("topic", m.getTopic()).hex("body", m.getBody()).number("flag", m.getFlag()).number("queueId", m.getQueueId())
            .number("queueOffset", m.getQueueOffset()).number("physicalOffset", m.getCommitLogOffset())
            .number("sysFlag", m.getSysFlag()).number("bornTimestamp", m.getBornTimestamp())
            .hex("bornIP", born.getAddress().getAddress()).number("bornPort", born.getPort())
            .number("storeTimestamp", m.getStoreTimestamp())
            .hex("storeIP", store.getAddress().getAddress()).number("storePort", store.getPort())
            .number("storeSize", m.getStoreSize()).number("bodyCRC", m.getBodyCRC()).number("reconsumeTimes", m.getReconsumeTimes())
            .number("preparedTransactionOffset", m.getPreparedTransactionOffset())
            .text("msgId", m.getMsgId()).text("offsetMsgId", m.getOffsetMsgId()).map("properties", properties);
    }

    /** A record that stands for several messages, and what MessageDecoder.decodeMessage makes of it. */
    private static void innerBatch() throws Exception {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Message one = new Message("BatchTopic", ("inner " + i).getBytes(StandardCharsets.UTF_8));
            one.setFlag(i * 10);
            put(one, "TAGS", "Tag" + i, "UNIQ_KEY", "7F00000100010102030405060708090" + i);
            messages.add(one);
        }
        MessageExt outer = message("BatchTopic", "", "10.0.0.1", "10.0.0.2");
        outer.setBody(MessageDecoder.encodeMessages(messages));
        outer.setBodyCRC(UtilAll.crc32(outer.getBody()));
        outer.setQueueId(2);
        outer.setQueueOffset(100);
        outer.setCommitLogOffset(5000);
        outer.setSysFlag(MessageSysFlag.INNER_BATCH_FLAG | MessageSysFlag.NEED_UNWRAP_FLAG);
        put(outer, "INNER_NUM", "3", "INNER_BASE", "100");
        byte[] bytes = MessageDecoder.encode(outer, false);
        List<MessageExt> list = new ArrayList<>();
        MessageDecoder.decodeMessage(MessageDecoder.clientDecode(ByteBuffer.wrap(bytes), true), list);
        Line line = new Line().text("name", "inner batch").hex("stored", bytes);
        StringBuilder inner = new StringBuilder("[");
        for (MessageExt m : list) {
            Line one = new Line().text("topic", m.getTopic()).hex("body", m.getBody()).number("flag", m.getFlag())
                .number("queueId", m.getQueueId()).number("queueOffset", m.getQueueOffset())
                .number("physicalOffset", m.getCommitLogOffset()).number("sysFlag", m.getSysFlag())
                .text("msgId", m.getMsgId()).map("properties", new TreeMap<>(m.getProperties()));
            inner.append(inner.length() > 1 ? "," : "").append(one.json());
        }
        line.raw("inner", inner.append("]").toString()).print();
    }

    // Batches: MessageDecoder.encodeMessage.

    private static void batches() {
        batch("one", 7, "b1", "KEYS", "K1", "WAIT", "true", "TAGS", "TagA");
        batch("no properties", 0, "body");
        batch("empty body", -1, "", "TAGS", "t");
        batch("text outside ASCII", 0, "\u6B63\u6587", "\u540D", "\u503C\uD83D\uDE00");
    }

    private static void batch(String name, int flag, String body, String... pairs) {
        Message m = new Message();
        m.setFlag(flag);
        m.setBody(body.getBytes(StandardCharsets.UTF_8));
        put(m, pairs);
        new Line().text("name", name).number("flag", flag).hex("body", m.getBody())
            .hex("properties", MessageDecoder.messageProperties2String(m.getProperties()).getBytes(StandardCharsets.UTF_8))
            .hex("encoded", MessageDecoder.encodeMessage(m)).print();
    }

    // Properties text: what MessageDecoder.string2messageProperties makes of odd ones.

    private static void properties() {
        for (String text : Arrays.asList("", "a\1b\2", "a\1b", "a\1b\2c\1d", "a\1b\2c\1d\2", "E\1\2a\1b\2", "\1v\2a\1b\2", "a\1\2", "ab",
            "ab\2c\1d\2", "a\1b\1c\2", "a\1b\2a\1c\2", "a\1b\2\2\2c\1d\2", "\2\2", "\1\2", "\1\1\1\2", "a\2\1b\2", "a\1b\2x\2", "x\2a\1b",
            "\u540D\1\u503C\2", "\uD83D\uDE00\1\uD83D\uDE00\2", " \1 \2", "a\1 b c \2")) {
            new Line().text("text", text).map("properties", new TreeMap<>(MessageDecoder.string2messageProperties(text))).print();
        }
    }

    // Hashes: String.hashCode for tags and the hash selector, MessageQueue.hashCode.

    private static void hashes() {
        SelectMessageQueueByHash selector = new SelectMessageQueueByHash();
        for (String text : Arrays.asList("", "a", "TagA", "TagB", "*", "order-1", "order-2", "polygenelubricants", "Aa", "BB",
            "\u00E9", "\u6807\u7B7E", "\u8BA2\u5355\u521B\u5EFA", "\uD83D\uDE00", "tag\uD83D\uDE00tag", "\uD83D\uDC69\u200D\uD83D\uDC67",
            "\uFF21\uFF22", "\uFFFD", "\uDBFF\uDFFF", repeat("long tag ", 100), "\0\1\2", "\u0416\u0443\u043A")) {
            Line line = new Line().text("text", text).number("hash", text.hashCode())
                .number("tagsCode", MessageExtBrokerInner.tagsString2tagsCode(text));
            StringBuilder chosen = new StringBuilder("{");
            for (int queues : new int[] {1, 2, 3, 4, 7, 8, 16, 1000}) {
                List<MessageQueue> list = new ArrayList<>();
                for (int i = 0; i < queues; i++) {
                    list.add(new MessageQueue("T", "b", i));
                }
                chosen.append(chosen.length() > 1 ? "," : "").append('"').append(queues).append("\":")
                    .append(selector.select(list, null, text).getQueueId());
            }
            line.raw("selected", chosen.append("}").toString());
            MessageQueue queue = new MessageQueue(text, "broker-" + text, 3);
            line.number("queueHash", queue.hashCode()).text("queueText", queue.toString()).print();
        }
    }

    // Ids: MessageDecoder.createMessageId and what MessageClientIDSetter reads in its own.

    private static void ids() throws Exception {
        for (String host : Arrays.asList("127.0.0.1", "0.0.0.0", "255.255.255.255", "10.0.0.2", "::1", "2001:db8::1", "fe80::1234:5678")) {
            for (long offset : new long[] {0, 1000, Long.MAX_VALUE}) {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 10911);
                new Line().text("kind", "offset").hex("ip", address.getAddress().getAddress()).number("port", 10911)
                    .number("offset", offset).text("id", MessageDecoder.createMessageId(address, offset)).print();
            }
        }
        int length = MessageClientIDSetter.createUniqID().length();
        if (length != 32 && length != 56) {
            throw new IllegalStateException("Java's ids have another layout now");
        }
        for (String id : Arrays.asList("7F0000010BD818B4AAC279D0F2180000", "AC110002000101020304932B5BFF0001", "00000000FFFF00000000000000008000",
            "FD000000000000000000000000000002" + "50C930946E0972C652CD0000")) {
            new Line().text("kind", "unique").text("id", id).hex("ip", MessageClientIDSetter.getIPFromID(id))
                .number("pid", MessageClientIDSetter.getPidFromID(id)).print();
        }
    }

    // Bodies: org.apache.rocketmq.common.compression.

    private static void compression() throws Exception {
        Map<String, byte[]> bodies = new LinkedHashMap<>();
        bodies.put("one byte", new byte[] {'x'});
        bodies.put("text", text(400));
        bodies.put("long text", text(20000));
        bodies.put("noise", noise(3000));
        for (Map.Entry<String, byte[]> body : bodies.entrySet()) {
            for (CompressionType type : CompressionType.values()) {
                for (int level : new int[] {1, 5, 9}) {
                    if (type == CompressionType.LZ4 && level != 5) {
                        continue; // it has no levels in Java
                    }
                    byte[] compressed = CompressorFactory.getCompressor(type).compress(body.getValue(), level);
                    new Line().text("body", body.getKey()).text("type", type.name()).number("level", level)
                        .number("sysFlag", MessageSysFlag.COMPRESSED_FLAG | type.getCompressionFlag())
                        .number("size", body.getValue().length).number("crc", UtilAll.crc32(body.getValue()))
                        .hex("compressed", compressed).print();
                }
            }
        }
    }

    private static byte[] text(int lines) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            b.append("line ").append(i % 97).append('\n');
        }
        return b.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] noise(int size) {
        byte[] b = new byte[size];
        int x = 1;
        for (int i = 0; i < size; i++) {
            x = x * 1103515245 + 12345;
            b[i] = (byte) (x >>> 16);
        }
        return b;
    }

    /** Lines of: type number, CRC of the plain body, size of the plain body, hex of the compressed body. */
    private static void decompress(String file) throws Exception {
        int checked = 0;
        try (BufferedReader reader = new BufferedReader(new FileReader(file))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] part = line.split(" ");
                byte[] plain = CompressorFactory.getCompressor(CompressionType.findByValue(Integer.parseInt(part[0])))
                    .decompress(UtilAll.string2bytes(part[3].toUpperCase()));
                if (plain.length != Integer.parseInt(part[2]) || UtilAll.crc32(plain) != Integer.parseInt(part[1])) {
                    throw new IllegalStateException("line " + (checked + 1) + ": Java reads another body");
                }
                checked++;
            }
        }
        if (checked == 0) {
            throw new IllegalStateException("no bodies in " + file);
        }
        System.err.println("Java reads all " + checked + " bodies");
    }

    // Output.

    private static PrintStream utf8(PrintStream out) {
        try {
            return new PrintStream(out, false, "UTF-8");
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> fields(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static String repeat(String s, int n) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < n; i++) {
            b.append(s);
        }
        return b.toString();
    }

    /** One JSON object, in ASCII. */
    private static final class Line {
        private final StringBuilder b = new StringBuilder("{");

        Line raw(String key, String json) {
            b.append(b.length() > 1 ? "," : "").append(quote(key)).append(':').append(json);
            return this;
        }

        Line text(String key, String value) {
            return raw(key, quote(value));
        }

        Line number(String key, long value) {
            return raw(key, Long.toString(value));
        }

        Line hex(String key, byte[] value) {
            StringBuilder hex = new StringBuilder();
            for (byte one : value) {
                hex.append(String.format("%02x", one));
            }
            return text(key, hex.toString());
        }

        Line map(String key, Map<String, String> value) {
            StringBuilder json = new StringBuilder("{");
            for (Map.Entry<String, String> e : new TreeMap<>(value).entrySet()) {
                json.append(json.length() > 1 ? "," : "").append(quote(e.getKey())).append(':').append(quote(e.getValue()));
            }
            return raw(key, json.append("}").toString());
        }

        String json() {
            return b + "}";
        }

        void print() {
            OUT.print(json());
            OUT.print('\n');
        }

        private static String quote(String s) {
            StringBuilder q = new StringBuilder("\"");
            for (char c : s.toCharArray()) {
                if (c == '"' || c == '\\') {
                    q.append('\\').append(c);
                } else if (c < 32 || c > 126) {
                    q.append(String.format("\\u%04x", (int) c));
                } else {
                    q.append(c);
                }
            }
            return q.append('"').toString();
        }
    }
}
