package interop;

import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Receives with the Java push consumer: Consume NAMESRV TOPIC GROUP EXPRESSION COUNT SECONDS. Prints one JSON line for
 * each message, and ends when COUNT have come (exit code 0) or the time is up (1).
 */
public final class Consume {
    public static void main(String[] args) throws Exception {
        CountDownLatch left = new CountDownLatch(Integer.parseInt(args[4]));
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(args[2]);
        consumer.setNamesrvAddr(args[0]);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.subscribe(args[1], args[3]);
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            for (MessageExt m : messages) {
                print(m);
                left.countDown();
            }
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        boolean all = left.await(Long.parseLong(args[5]), TimeUnit.SECONDS);
        consumer.shutdown();
        System.exit(all ? 0 : 1);
    }

    private static synchronized void print(MessageExt m) {
        StringBuilder b = new StringBuilder("{\"body\":").append(Line.quote(Base64.getEncoder().encodeToString(m.getBody())));
        b.append(",\"msgId\":").append(Line.quote(m.getMsgId()));
        b.append(",\"topic\":").append(Line.quote(m.getTopic()));
        b.append(",\"queueId\":").append(m.getQueueId()).append(",\"queueOffset\":").append(m.getQueueOffset());
        b.append(",\"delayMs\":").append(m.getStoreTimestamp() - m.getBornTimestamp());
        b.append(",\"properties\":{");
        String separator = "";
        for (Map.Entry<String, String> p : new TreeMap<>(m.getProperties()).entrySet()) {
            b.append(separator).append(Line.quote(p.getKey())).append(':').append(Line.quote(p.getValue()));
            separator = ",";
        }
        System.out.println(b.append("}}"));
        System.out.flush();
    }
}
