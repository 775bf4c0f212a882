package io.sluice.state.flink.layout;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.domain.GroupId;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

class CatalogNewsLayoutTest extends LayoutContract<CatalogNews> {

    @Override
    Layout<CatalogNews> layout() {
        return CatalogNewsLayout.INSTANCE;
    }

    @Override
    CatalogNews realistic() {
        List<GroupId> groups = TestingState.plan().mixture().groups();
        return new CatalogNews(
                new TreeMap<>(
                        Map.of(
                                groups.get(0),
                                new GroupNews(
                                        GroupNews.State.ACTIVE, OptionalLong.of(1_000_000), 812),
                                groups.get(2),
                                new GroupNews(GroupNews.State.RETIRED, OptionalLong.empty(), -1))));
    }

    @Override
    List<CatalogNews> extremes() {
        TreeMap<GroupId, GroupNews> groups = new TreeMap<>();
        for (GroupId group : TestingState.largestPlan().mixture().groups()) {
            groups.put(
                    group,
                    new GroupNews(
                            GroupNews.State.UNKNOWN,
                            OptionalLong.of(Long.MAX_VALUE),
                            Long.MAX_VALUE));
        }
        return List.of(CatalogNews.NONE, new CatalogNews(groups));
    }
}
