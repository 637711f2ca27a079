package vectors;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.apache.rocketmq.client.consumer.AllocateMessageQueueStrategy;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMachineRoomNearby;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragelyByCircle;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueByMachineRoom;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueConsistentHash;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Prints which queues the allocation strategies of the Java client give to each member of a group, one JSON object a
 * line: strategy, brokers, queues a broker, members and, for each member, the positions of its queues in the sorted
 * list. The result is null where Java throws an exception.
 */
public final class AllocationVectors {
    private static final PrintStream OUT = new PrintStream(System.out, false);
    private static final int[] MEMBERS = {1, 2, 3, 5, 8, 20};

    public static void main(String[] args) {
        System.setOut(System.err); // the classes log to standard output
        AllocateMessageQueueByMachineRoom room = new AllocateMessageQueueByMachineRoom();
        room.setConsumeridcs(new HashSet<>(Arrays.asList("room1", "room3")));
        for (int brokers : new int[] {1, 3}) {
            for (int queues : new int[] {1, 3, 4, 8, 16}) {
                List<String> names = new ArrayList<>();
                for (int i = 0; i < brokers; i++) {
                    names.add("broker-" + (char) ('a' + i));
                }
                List<String> rooms = new ArrayList<>(names);
                rooms.addAll(Arrays.asList("room1@a", "room1@b", "room2@a", "room3@a"));
                for (int members : MEMBERS) {
                    List<String> ids = ids(members);
                    line("AVG", new AllocateMessageQueueAveragely(), names, queues, ids, ids);
                    line("AVG_BY_CIRCLE", new AllocateMessageQueueAveragelyByCircle(), names, queues, ids, ids);
                    for (int nodes : new int[] {1, 10}) {
                        line("CONSISTENT_HASH-" + nodes, new AllocateMessageQueueConsistentHash(nodes), names, queues, ids, ids);
                    }
                    line("MACHINE_ROOM", room, rooms, queues, ids, ids);
                    nearby(queues, members);
                }
            }
        }
        edges(room);
        OUT.flush();
    }

    private static List<String> ids(int members) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            ids.add("10.0.0." + i + "@" + (1000 + 37 * i) + "#" + (i * 7919L + 123456789012L));
        }
        Collections.sort(ids);
        return ids;
    }

    /** Members of room r2 have queues nearby, those of r4 have not; nobody is near the queues of r3. */
    private static void nearby(int queues, int members) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            ids.add(new String[] {"r1", "r2", "r4"}[i % 3] + "-10.0.0." + i + "@" + i);
        }
        Collections.sort(ids);
        List<String> names = Arrays.asList("r1-a", "r1-b", "r2-a", "r3-a", "r3-b");
        AllocateMachineRoomNearby.MachineRoomResolver resolver = new AllocateMachineRoomNearby.MachineRoomResolver() {
            @Override
            public String brokerDeployIn(MessageQueue queue) {
                return queue.getBrokerName().split("-")[0];
            }

            @Override
            public String consumerDeployIn(String id) {
                return id.split("-")[0];
            }
        };
        line("MACHINE_ROOM_NEARBY-AVG", new AllocateMachineRoomNearby(new AllocateMessageQueueAveragely(), resolver), names, queues, ids, ids);
        line("MACHINE_ROOM_NEARBY-AVG_BY_CIRCLE",
            new AllocateMachineRoomNearby(new AllocateMessageQueueAveragelyByCircle(), resolver), names, queues, ids, ids);
        line("MACHINE_ROOM_NEARBY-CONSISTENT_HASH",
            new AllocateMachineRoomNearby(new AllocateMessageQueueConsistentHash(), resolver), names, queues, ids, ids);
    }

    private static void edges(AllocateMessageQueueByMachineRoom room) {
        List<String> names = Arrays.asList("broker-a");
        List<AllocateMessageQueueStrategy> all = Arrays.asList(new AllocateMessageQueueAveragely(),
            new AllocateMessageQueueAveragelyByCircle(), new AllocateMessageQueueConsistentHash(10), room);
        for (AllocateMessageQueueStrategy strategy : all) {
            String name = strategy.getName().equals("CONSISTENT_HASH") ? "CONSISTENT_HASH-10" : strategy.getName();
            line(name, strategy, names, 4, ids(2), Arrays.asList("stranger", ""));
            line(name, strategy, names, 0, ids(2), ids(2));
            line(name, strategy, names, 4, new ArrayList<>(), ids(1));
            line(name, strategy, names, 8, Arrays.asList("x", "x", "y"), Arrays.asList("x", "y"));
        }
        line("CONSISTENT_HASH-0", new AllocateMessageQueueConsistentHash(0), names, 4, ids(2), ids(2));
        line("CONSISTENT_HASH-10", new AllocateMessageQueueConsistentHash(), Arrays.asList("\u6D88\u606F"), 16,
            Arrays.asList("\u4E00", "\uD83D\uDE00"), Arrays.asList("\u4E00", "\uD83D\uDE00"));
        line("MACHINE_ROOM", room, Arrays.asList("@", "@room1", "room1", "room1@", "room1@@a", "room1@a", "room1@a@", "room1@a@b", "room3@@"),
            2, ids(2), ids(2));
    }

    private static void line(String name, AllocateMessageQueueStrategy strategy, List<String> brokers, int queues, List<String> members,
        List<String> asking) {
        List<MessageQueue> all = new ArrayList<>();
        for (String broker : brokers) {
            for (int i = 0; i < queues; i++) {
                all.add(new MessageQueue("TopicTest", broker, i));
            }
        }
        Collections.sort(all);
        StringBuilder results = new StringBuilder("[");
        for (String member : asking) {
            results.append(results.length() > 1 ? "," : "");
            try {
                StringBuilder positions = new StringBuilder("[");
                for (MessageQueue queue : strategy.allocate("group", member, all, members)) {
                    positions.append(positions.length() > 1 ? "," : "").append(all.indexOf(queue));
                }
                results.append(positions.append("]"));
            } catch (IllegalArgumentException e) {
                results.append("null");
            }
        }
        OUT.print("{\"strategy\":\"" + name + "\",\"brokers\":" + strings(brokers) + ",\"queues\":" + queues + ",\"members\":" + strings(members)
            + ",\"asking\":" + strings(asking) + ",\"result\":" + results.append("]") + "}\n");
    }

    private static String strings(List<String> list) {
        StringBuilder b = new StringBuilder("[");
        for (String s : list) {
            b.append(b.length() > 1 ? ",\"" : "\"");
            for (char c : s.toCharArray()) {
                b.append(c < 127 ? String.valueOf(c) : String.format("\\u%04x", (int) c));
            }
            b.append('"');
        }
        return b.append("]").toString();
    }
}
