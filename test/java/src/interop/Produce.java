package interop;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;

/**
 * Sends the messages on standard input with the Java client: Produce NAMESRV TOPIC. A line's mode is sync, async or
 * batch; all batch lines travel as one batch. Prints one JSON line for each send result.
 */
public final class Produce {
    public static void main(String[] args) throws Exception {
        String topic = args[1];
        DefaultMQProducer producer = new DefaultMQProducer("GID_interop_java_producer");
        producer.setNamesrvAddr(args[0]);
        producer.setSendMsgTimeout(10000);
        producer.start();
        List<Message> batch = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Message m = Line.message(topic, line);
            switch (Line.mode(line)) {
                case "batch":
                    batch.add(m);
                    break;
                case "async":
                    print(async(producer, m));
                    break;
                default:
                    print(producer.send(m));
            }
        }
        if (!batch.isEmpty()) {
            print(producer.send(batch));
        }
        producer.shutdown();
        System.exit(0);
    }

    private static SendResult async(DefaultMQProducer producer, Message m) throws Exception {
        CompletableFuture<SendResult> done = new CompletableFuture<>();
        producer.send(m, new SendCallback() {
            @Override
            public void onSuccess(SendResult r) {
                done.complete(r);
            }

            @Override
            public void onException(Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(20, TimeUnit.SECONDS);
    }

    private static void print(SendResult r) {
        System.out.println("{\"status\":" + Line.quote(r.getSendStatus().name()) + ",\"msgId\":" + Line.quote(r.getMsgId())
            + ",\"queueId\":" + r.getMessageQueue().getQueueId() + ",\"queueOffset\":" + r.getQueueOffset() + "}");
    }
}
