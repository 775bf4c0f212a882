package io.sluice.core.candidate.dedup;

import io.sluice.core.candidate.dedup.Finding.ExactDuplicate;
import io.sluice.core.candidate.dedup.Finding.NearDuplicate;
import io.sluice.core.candidate.dedup.Finding.Original;
import io.sluice.core.candidate.dedup.Finding.SameId;
import io.sluice.core.sketch.Hashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides which documents of a catalog are duplicates: the first comer survives. A document costs
 * two state accesses and one per band to look up, and as many to remember.
 *
 * <p><b>After a restart</b> the documents that were emitted since the snapshot are absorbed first,
 * and then come again, in the order of their partition. So that the index becomes what it was, a
 * band belongs to the document that stands first in the partition, and not to the one that was put
 * there first. A document is compared with the holders of its bands only; since comparison is
 * symmetric, documents that did not drop each other in one order do not in another.
 */
public final class Deduplicator {

    /** How far a reference moves on when another document's has the same 64 bits. */
    private static final int PROBES = 4;

    private final DedupStore store;
    private final double threshold;

    public Deduplicator(DedupStore store, MinHashOptions options) {
        this.store = store;
        this.threshold = options.threshold();
    }

    /**
     * Judges a document and, when it survives, remembers it.
     *
     * @param fingerprint its fingerprint
     * @param candidate what is to be remembered of it; not yet emitted
     */
    public Finding judge(Fingerprint fingerprint, Survivor candidate) {
        Optional<Survivor> known = byId(candidate.id());
        Slot slot = slot(fingerprint);
        if (known.isPresent()) {
            if (!known.get().position().equals(candidate.position())) {
                return new SameId(known.get().position());
            }
            takeBands(candidate.position(), slot, holders(fingerprint));
            return new Original(known.get().emitted());
        }
        if (slot.occupant().isPresent()) {
            return new ExactDuplicate(slot.occupant().get().id());
        }
        List<Holder> holders = holders(fingerprint);
        Optional<NearDuplicate> nearest = nearest(fingerprint, holders);
        if (nearest.isPresent()) {
            return nearest.get();
        }
        remember(slot, candidate, holders);
        return new Original(false);
    }

    /** Remembers a document that stands on the topic of admitted documents, duplicate or not. */
    public void absorb(Fingerprint fingerprint, Survivor emitted) {
        OptionalLong reference = store.reference(key(emitted.id()));
        Optional<Survivor> known = byId(emitted.id());
        if (known.isPresent()) {
            store.put(reference.getAsLong(), known.get().asEmitted());
            return;
        }
        Slot slot = slot(fingerprint);
        if (slot.occupant().isEmpty()) {
            remember(slot, emitted.asEmitted(), holders(fingerprint));
        }
    }

    /** What is remembered of the document with an identifier. */
    public Optional<Survivor> byId(String id) {
        OptionalLong reference = store.reference(key(id));
        return reference.isEmpty()
                ? Optional.empty()
                : store.survivor(reference.getAsLong()).filter(known -> known.id().equals(id));
    }

    /** Where a document belongs, and the one with the same text that is there. */
    private record Slot(long reference, Optional<Survivor> occupant) {}

    /** Which document one of the bands belongs to; empty where to none. */
    private record Holder(long band, Optional<Survivor> survivor) {}

    private Slot slot(Fingerprint fingerprint) {
        long reference = fingerprint.hash().high();
        Optional<Survivor> occupant = store.survivor(reference);
        for (int probe = 1; probe < PROBES && occupant.isPresent(); probe++) {
            if (occupant.get().hashLow() == fingerprint.hash().low()) {
                break;
            }
            reference++;
            occupant = store.survivor(reference);
        }
        return new Slot(reference, occupant);
    }

    private List<Holder> holders(Fingerprint fingerprint) {
        Map<Long, Optional<Survivor>> read = new HashMap<>();
        List<Holder> holders = new ArrayList<>(fingerprint.bands().length);
        for (long band : fingerprint.bands()) {
            OptionalLong reference = store.reference(band);
            holders.add(
                    new Holder(
                            band,
                            reference.isEmpty()
                                    ? Optional.empty()
                                    : read.computeIfAbsent(
                                            reference.getAsLong(), store::survivor)));
        }
        return holders;
    }

    private Optional<NearDuplicate> nearest(Fingerprint fingerprint, List<Holder> holders) {
        Optional<NearDuplicate> nearest = Optional.empty();
        for (Holder holder : holders) {
            if (holder.survivor().isEmpty()) {
                continue;
            }
            Survivor survivor = holder.survivor().get();
            double similarity = MinHasher.similarity(survivor.sketch(), fingerprint.sketch());
            if (similarity >= threshold
                    && (nearest.isEmpty() || similarity > nearest.get().similarity())) {
                nearest = Optional.of(new NearDuplicate(survivor.id(), similarity));
            }
        }
        return nearest;
    }

    private void remember(Slot slot, Survivor survivor, List<Holder> holders) {
        store.put(slot.reference(), survivor);
        store.put(key(survivor.id()), slot.reference());
        takeBands(survivor.position(), slot, holders);
    }

    private void takeBands(Position position, Slot slot, List<Holder> holders) {
        for (Holder holder : holders) {
            if (holder.survivor().isEmpty()
                    || position.isBefore(holder.survivor().get().position())) {
                store.put(holder.band(), slot.reference());
            }
        }
    }

    private static long key(String id) {
        return Hashes.fin(Hashes.hash(id));
    }
}
