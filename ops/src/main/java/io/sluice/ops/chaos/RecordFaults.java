package io.sluice.ops.chaos;

import io.sluice.ops.chaos.HostileRecords.Hostile;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.SubjectKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/** Records that should not be there: F8 to F13. */
final class RecordFaults {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private RecordFaults() {}

    static List<Fault> all() {
        return List.of(
                new Bad(
                        "F8",
                        "bytes that are no record: cut, wrong header, huge lengths, noise",
                        (records, scene) -> records.unreadable(scene.random())),
                new Bad(
                        "F9",
                        "losses that are NaN, infinite or absurd, sketches of a wrong size",
                        (records, scene) -> records.notFinite()),
                new Bad(
                        "F10",
                        "tokens below 0, beyond 2^63 together, steps backwards",
                        (records, scene) -> records.outOfRange()),
                new Bad(
                        "F11",
                        "groups, reporters and declarations that the run does not have",
                        (records, scene) -> records.unknown()),
                new Again(),
                new WholeDay());
    }

    private interface Making {
        List<Hostile> of(HostileRecords records, Scene scene);
    }

    private record Bad(String id, String what, Making making) implements Fault {

        @Override
        public Outcome strike(Scene scene) throws Exception {
            long starts = scene.starts();
            GroupSignal good = newest(scene);
            List<Hostile> hostile = making.of(new HostileRecords(good), scene);
            List<RecordSender.Sent> sent = new ArrayList<>();
            try (RecordSender sender = new RecordSender(scene.cluster().client())) {
                for (Hostile one : hostile) {
                    sent.add(sender.send(scene.spec().runId(), one.bytes()));
                }
            }
            long end = System.currentTimeMillis();
            Scene.await(
                    "the last reject",
                    LIMIT,
                    () -> reasons(scene).containsKey(sent.get(sent.size() - 1).place()));
            Map<Recount.Place, RejectReason> reasons = reasons(scene);
            int right = 0;
            for (int i = 0; i < sent.size(); i++) {
                right += hostile.get(i).reason() == reasons.get(sent.get(i).place()) ? 1 : 0;
            }
            long more = scene.starts() - starts;
            return new Outcome(
                    end,
                    -1,
                    right == sent.size() && more == 0,
                    right
                            + " of "
                            + sent.size()
                            + " turned away with the right reason, "
                            + more
                            + " restarts");
        }

        private static GroupSignal newest(Scene scene) {
            List<GroupSignal> ofGroups =
                    scene.history().signals().stream()
                            .map(Entry::value)
                            .filter(signal -> signal.getKind() == SubjectKind.GROUP)
                            .toList();
            return ofGroups.get(ofGroups.size() - 1);
        }
    }

    private static final class Again implements Fault {

        private static final int RECORDS = 60;
        private static final int TIMES = 3;

        @Override
        public String id() {
            return "F12";
        }

        @Override
        public String what() {
            return "the newest records come again, three times, in any order";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            RepeatBooks books = RepeatBooks.open(scene);
            scene.go();
            Contract contract = new Contract();
            List<byte[]> records = new ArrayList<>();
            List<Entry<GroupSignal>> signals = scene.history().signals();
            for (Entry<GroupSignal> entry :
                    signals.subList(Math.max(0, signals.size() - RECORDS), signals.size())) {
                for (int time = 0; time < TIMES; time++) {
                    records.add(contract.encode(entry.value()));
                }
            }
            for (int i = records.size() - 1; i > 0; i--) {
                int other = scene.random().nextInt(i + 1);
                byte[] swapped = records.get(i);
                records.set(i, records.get(other));
                records.set(other, swapped);
            }
            try (RecordSender sender = new RecordSender(scene.cluster().client())) {
                RepeatBooks.Balance balance =
                        books.balance(sender.sendAll(scene.spec().runId(), records));
                return Outcome.now(balance.holds(), balance.toString());
            }
        }
    }

    private static final class WholeDay implements Fault {

        @Override
        public String id() {
            return "F13";
        }

        @Override
        public String what() {
            return "everything that was ever sent comes again, while the trainer waits";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            RepeatBooks books = RepeatBooks.open(scene);
            Contract contract = new Contract();
            History history = scene.history();
            int plans = history.plans().size();
            List<byte[]> signals = records(contract, history.signals());
            List<byte[]> closed = records(contract, history.closed());
            List<RecordSender.Sent> sent;
            RecordSender.Sent last;
            try (RecordSender sender = new RecordSender(scene.cluster().client())) {
                sent = sender.sendAll(scene.spec().runId(), signals);
                sender.sendAll(scene.spec().runId(), closed);
                last = sender.send(scene.spec().runId(), new byte[] {0});
            }
            Scene.await("the last reject", LIMIT, () -> reasons(scene).containsKey(last.place()));
            int more = scene.history().plans().size() - plans;
            long end = System.currentTimeMillis();
            scene.go();
            RepeatBooks.Balance balance = books.balance(sent);
            return new Outcome(
                    end,
                    -1,
                    more == 0 && balance.holds(),
                    balance + ", " + closed.size() + " closed rounds; " + more + " plans");
        }

        /** What a day may have repeated itself is sent once. */
        private static List<byte[]> records(
                Contract contract, List<? extends Entry<? extends SpecificRecord>> entries) {
            return entries.stream()
                    .map(Entry::value)
                    .distinct()
                    .map(contract::encode)
                    .collect(Collectors.toList());
        }
    }

    private static Map<Recount.Place, RejectReason> reasons(Scene scene) {
        return Recount.rejected(scene.history());
    }
}
