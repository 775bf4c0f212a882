package io.sluice.state.flink.layout;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.domain.GroupId;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a run's knowledge of its catalog is stored. */
public enum CatalogNewsLayout implements Layout<CatalogNews> {
    INSTANCE;

    @Override
    public Class<CatalogNews> type() {
        return CatalogNews.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(CatalogNews news, DataOutput out) throws IOException {
        Fields.writeList(
                List.copyOf(news.groups().entrySet()),
                out,
                (group, o) -> {
                    o.writeUTF(group.getKey().value());
                    Fields.writeEnum(group.getValue().state(), o);
                    OperatorCommandLayout.writeStep(group.getValue().uniqueTokens(), o);
                    o.writeLong(group.getValue().version());
                });
    }

    @Override
    public CatalogNews read(DataInput in, int version) throws IOException {
        SortedMap<GroupId, GroupNews> groups = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            GroupId group = OperatorCommandLayout.readGroup(in);
            GroupNews.State state = Fields.readEnum(GroupNews.State.class, in);
            OptionalLong uniqueTokens = OperatorCommandLayout.readStep(in);
            groups.put(group, new GroupNews(state, uniqueTokens, in.readLong()));
        }
        return new CatalogNews(groups);
    }
}
