package io.sluice.flink.mixture.decision;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Ids;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.TopicFollower;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.GroupSupply;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the catalogs say by now that runs follow. Their topics are read only once a run asks; what
 * of it a decision used stands in that decision. Where they cannot be read, runs go on with what
 * they know.
 */
final class CatalogView implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogView.class);
    private static final long RETRY_MILLIS = 10_000;

    /** Most groups of all catalogs that are remembered. */
    private static final int MAX_GROUPS = 200_000;

    private final Contract contract;
    private final Followed catalogs;
    private final Followed supplies;
    private final Map<String, TreeMap<GroupId, GroupNews>> known = new HashMap<>();
    private int groups;

    CatalogView(Contract contract, TopicLog catalogs, TopicLog supplies) {
        this.contract = contract;
        this.catalogs = new Followed(catalogs, this::announced);
        this.supplies = new Followed(supplies, this::supplied);
    }

    /** What a catalog has said by now. */
    CatalogNews news(String catalog, long nowMillis) {
        catalogs.refresh(nowMillis);
        supplies.refresh(nowMillis);
        return new CatalogNews(known.getOrDefault(catalog, new TreeMap<>()));
    }

    @Override
    public void close() {
        catalogs.close();
        supplies.close();
    }

    private void announced(RawRecord raw) {
        if (decode(raw) instanceof CatalogGroup group
                && group.getState() != CatalogGroupState.UNKNOWN) {
            take(
                    group.getCatalog(),
                    group.getGroup(),
                    new GroupNews(
                            GroupNews.State.valueOf(group.getState().name()),
                            OptionalLong.empty(),
                            -1));
        }
    }

    private void supplied(RawRecord raw) {
        if (decode(raw) instanceof GroupSupply supply
                && supply.getUniqueTokens() >= 0
                && supply.getVersion() >= 0) {
            take(
                    supply.getCatalog(),
                    supply.getGroup(),
                    new GroupNews(
                            GroupNews.State.UNKNOWN,
                            OptionalLong.of(supply.getUniqueTokens()),
                            supply.getVersion()));
        }
    }

    /** The record, or nothing where the bytes are none: whose job it is has rejected them. */
    private Object decode(RawRecord raw) {
        try {
            return contract.decode(raw.value());
        } catch (ContractException e) {
            return null;
        }
    }

    private void take(String catalog, String group, GroupNews news) {
        if (!Ids.isValid(catalog) || !Ids.isValid(group)) {
            return;
        }
        TreeMap<GroupId, GroupNews> of = known.computeIfAbsent(catalog, c -> new TreeMap<>());
        GroupId id = new GroupId(group);
        GroupNews before = of.get(id);
        if (before == null && groups >= MAX_GROUPS) {
            LOG.warn("more than {} groups of catalogs: {} is not followed", MAX_GROUPS, id);
            return;
        }
        groups += before == null ? 1 : 0;
        of.put(id, before == null ? news : before.with(news));
    }

    /** A topic that is opened when it is first wanted, and again when that failed. */
    private static final class Followed implements AutoCloseable {

        private final TopicLog log;
        private final Consumer<RawRecord> reader;
        private TopicFollower follower;
        private long failedAtMillis = Long.MIN_VALUE / 2;

        Followed(TopicLog log, Consumer<RawRecord> reader) {
            this.log = log;
            this.reader = reader;
        }

        void refresh(long nowMillis) {
            if (follower != null) {
                follower.refresh(nowMillis);
            } else if (nowMillis - failedAtMillis >= RETRY_MILLIS) {
                try {
                    follower = new TopicFollower(log, reader, nowMillis);
                } catch (KafkaException e) {
                    failedAtMillis = nowMillis;
                    LOG.warn("cannot read a topic of catalogs: runs go on with what they know", e);
                }
            }
        }

        @Override
        public void close() {
            if (follower != null) {
                follower.close();
            }
        }
    }
}
