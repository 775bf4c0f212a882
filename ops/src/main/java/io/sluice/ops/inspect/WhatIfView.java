package io.sluice.ops.inspect;

import java.util.List;

/**
 * What was decided beside what would have been.
 *
 * @param run the run
 * @param recordedPlans how many decisions made a plan
 * @param plans how many would have
 * @param rounds one line per decision, in order
 * @param groups where both sides stand after the last decision
 * @param replay what came of making the recorded decisions once more
 */
public record WhatIfView(
        String run,
        int recordedPlans,
        int plans,
        List<RoundLine> rounds,
        List<GroupLine> groups,
        ReplayView replay) {

    private static final int SHOWN = 20;

    /**
     * One decision.
     *
     * @param recorded what was decided: the plan with its label, or why it held
     * @param made what would have been
     * @param distance half the sum of the differences of the shares in force afterwards, in [0, 1]
     */
    public record RoundLine(
            long attempt, long round, String recorded, String made, double distance) {}

    /** One group's shares. */
    public record GroupLine(String group, double recorded, double made) {}

    /** For people: the newest rounds and the groups. */
    public String text() {
        StringBuilder text = new StringBuilder();
        Words.line(
                text,
                "run %s: %s made %s; it would have been %s",
                run,
                Words.count(rounds.size(), "decision"),
                Words.count(recordedPlans, "plan"),
                Words.count(plans, "plan"));
        if (rounds.isEmpty()) {
            return text + replay.text();
        }
        Table table =
                new Table("rrllr", List.of("attempt", "round", "recorded", "what if", "distance"));
        for (RoundLine line : rounds.subList(Math.max(0, rounds.size() - SHOWN), rounds.size())) {
            table.row(
                    List.of(
                            Long.toString(line.attempt()),
                            Long.toString(line.round()),
                            line.recorded(),
                            line.made(),
                            Words.format("%.4f", line.distance())));
        }
        text.append(table);
        Table shares = new Table("lrrr", List.of("group", "recorded", "what if", "points"));
        for (GroupLine line : groups) {
            shares.row(
                    List.of(
                            line.group(),
                            Words.share(line.recorded()),
                            Words.share(line.made()),
                            Words.points(line.made() - line.recorded())));
        }
        text.append(shares);
        return replay.difference().isPresent() ? text + replay.text() : text.toString();
    }
}
