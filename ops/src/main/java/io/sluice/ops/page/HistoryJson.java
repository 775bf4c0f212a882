package io.sluice.ops.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.ops.page.HistorySnapshot.Alignment;
import io.sluice.ops.page.Series.Point;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Writes a {@link HistorySnapshot} as the JSON that the page reads. */
final class HistoryJson {

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator out;

    private HistoryJson(JsonGenerator out) {
        this.out = out;
    }

    static String render(HistorySnapshot history) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            new HistoryJson(generator).write(history);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void write(HistorySnapshot history) throws IOException {
        out.writeStartObject();
        out.writeNumberField("revision", history.revision());
        writeRun(history.facts());
        writeStatus(history);
        writeProgress(history);
        writeMixtures(history);
        writeLosses(history);
        writeAlignments(history.alignments());
        writeDecisions(history);
        writeCounts(history);
        writeStream(history.stream());
        out.writeEndObject();
    }

    private void writeRun(RunFacts facts) throws IOException {
        out.writeObjectFieldStart("run");
        out.writeStringField("id", facts.run());
        out.writeStringField("policy", facts.policy());
        // As text: a long does not fit into a number of JavaScript.
        out.writeStringField("seed", Long.toString(facts.seed()));
        out.writeNumberField("totalSteps", facts.totalSteps());
        out.writeArrayFieldStart("groups");
        for (RunFacts.Group group : facts.groups()) {
            out.writeStartObject();
            out.writeStringField("id", group.id());
            out.writeBooleanField("poor", group.poor());
            number("prior", group.prior());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("targets");
        for (RunFacts.Target target : facts.targets()) {
            out.writeStartObject();
            out.writeStringField("id", target.id());
            number("weight", target.weight());
            out.writeStringField("note", target.note());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void writeStatus(HistorySnapshot history) throws IOException {
        out.writeObjectFieldStart("status");
        out.writeStringField("state", history.status().name());
        out.writeBooleanField("ended", history.status().ended());
        out.writeStringField("message", history.message());
        out.writeStringField("startedAt", history.startedAt().toString());
        out.writeStringField("asOf", history.asOf().toString());
        number(
                "elapsedSeconds",
                Duration.between(history.startedAt(), history.asOf()).toMillis() / 1e3);
        out.writeEndObject();
    }

    private void writeProgress(HistorySnapshot history) throws IOException {
        out.writeObjectFieldStart("progress");
        out.writeNumberField("step", history.progress().step());
        out.writeNumberField("tokens", history.progress().tokens());
        number("tokensPerSecond", history.progress().tokensPerSecond());
        number("trainingLoss", history.progress().trainingLoss());
        out.writeEndObject();
    }

    private void writeMixtures(HistorySnapshot history) throws IOException {
        out.writeObjectFieldStart("mixtures");
        steps(history.mixtures());
        out.writeArrayFieldStart("versions");
        for (Point<HistorySnapshot.Mixture> point : history.mixtures()) {
            out.writeNumber(point.value().version());
        }
        out.writeEndArray();
        out.writeArrayFieldStart("weights");
        for (Point<HistorySnapshot.Mixture> point : history.mixtures()) {
            numbers(point.value().weights());
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void writeLosses(HistorySnapshot history) throws IOException {
        out.writeFieldName("trainingLoss");
        line(history.trainingLoss());
        out.writeObjectFieldStart("groupLosses");
        steps(history.groupLosses());
        out.writeArrayFieldStart("losses");
        for (Point<double[]> point : history.groupLosses()) {
            numbers(point.value());
        }
        out.writeEndArray();
        out.writeEndObject();
        out.writeArrayFieldStart("targetLosses");
        for (List<Point<Double>> target : history.targetLosses()) {
            line(target);
        }
        out.writeEndArray();
    }

    private void writeAlignments(List<Point<Alignment>> alignments) throws IOException {
        out.writeObjectFieldStart("alignments");
        steps(alignments);
        out.writeArrayFieldStart("scores");
        for (Point<Alignment> point : alignments) {
            numbers(point.value().scores());
        }
        out.writeEndArray();
        out.writeArrayFieldStart("cosines");
        for (Point<Alignment> point : alignments) {
            table(point.value().cosines());
        }
        out.writeEndArray();
        out.writeArrayFieldStart("errors");
        for (Point<Alignment> point : alignments) {
            table(point.value().errors());
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void writeDecisions(HistorySnapshot history) throws IOException {
        out.writeObjectFieldStart("rounds");
        out.writeNumberField("changed", history.roundsChanged());
        out.writeNumberField("held", history.roundsHeld());
        out.writeArrayFieldStart("recent");
        for (RoundDecision decision : history.recentDecisions()) {
            writeDecision(decision);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void writeDecision(RoundDecision decision) throws IOException {
        out.writeStartObject();
        out.writeNumberField("round", decision.round());
        out.writeNumberField("step", decision.step());
        out.writeStringField("policy", decision.policy());
        out.writeStringField("outcome", decision.outcome().name());
        out.writeStringField("reason", decision.reason());
        out.writeStringField("message", decision.message());
        out.writeNumberField("version", decision.version());
        out.writeNumberField("effectiveStep", decision.effectiveStep());
        number("kl", decision.kl());
        number("fraction", decision.fraction());
        out.writeNumberField("boundGroups", decision.boundGroups());
        number("predictedGain", decision.predictedGain());
        number("predictedGainError", decision.predictedGainError());
        out.writeFieldName("base");
        numbers(decision.base());
        out.writeFieldName("proposed");
        numbers(decision.proposed());
        out.writeFieldName("decided");
        numbers(decision.decided());
        out.writeFieldName("scores");
        numbers(decision.scores());
        out.writeEndObject();
    }

    private void writeCounts(HistorySnapshot history) throws IOException {
        out.writeObjectFieldStart("plans");
        out.writeNumberField("published", history.plans().published());
        out.writeNumberField("applied", history.plans().applied());
        out.writeNumberField("refused", history.plans().refused());
        out.writeEndObject();
        out.writeObjectFieldStart("signals");
        out.writeNumberField("accepted", history.signals().accepted());
        out.writeNumberField("duplicates", history.signals().duplicates());
        out.writeNumberField("late", history.signals().late());
        out.writeNumberField("rejected", history.signals().rejected());
        out.writeNumberField("dropped", history.signals().dropped());
        out.writeEndObject();
        if (history.latency().isPresent()) {
            out.writeObjectFieldStart("latency");
            number("p50Seconds", history.latency().get().p50Seconds());
            number("p99Seconds", history.latency().get().p99Seconds());
            out.writeEndObject();
        } else {
            out.writeNullField("latency");
        }
    }

    private void writeStream(Optional<StreamFigures> stream) throws IOException {
        if (stream.isEmpty()) {
            out.writeNullField("stream");
            return;
        }
        StreamFigures figures = stream.get();
        out.writeObjectFieldStart("stream");
        out.writeNumberField("offered", figures.offered());
        out.writeNumberField("admitted", figures.admitted());
        out.writeObjectFieldStart("rejected");
        for (Map.Entry<String, Long> reason : figures.rejected().entrySet()) {
            out.writeNumberField(reason.getKey(), reason.getValue());
        }
        out.writeEndObject();
        out.writeArrayFieldStart("groups");
        for (StreamFigures.Group group : figures.groups()) {
            out.writeStartObject();
            out.writeStringField("id", group.id());
            out.writeNumberField("documents", group.documents());
            out.writeNumberField("tokens", group.tokens());
            number("tokensPerSecond", group.tokensPerSecond());
            out.writeNumberField("turnedAway", group.turnedAway());
            out.writeNumberField("drawn", group.drawn());
            numberOrNull("epochs", group.epochs());
            numberOrNull("lastsSeconds", group.lastsSeconds());
            out.writeEndObject();
        }
        out.writeEndArray();
        number("junkShare", figures.junkShare());
        out.writeNumberField("plantedAdmitted", figures.plantedAdmitted());
        out.writeStringField("lateGroup", figures.lateGroup());
        step("announced", figures.announced());
        step("lateDrawn", figures.lateDrawn());
        out.writeEndObject();
    }

    private void step(String name, OptionalLong step) throws IOException {
        if (step.isPresent()) {
            out.writeNumberField(name, step.getAsLong());
        } else {
            out.writeNullField(name);
        }
    }

    private void line(List<Point<Double>> points) throws IOException {
        out.writeStartObject();
        steps(points);
        out.writeArrayFieldStart("losses");
        for (Point<Double> point : points) {
            number(point.value());
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private <T> void steps(List<Point<T>> points) throws IOException {
        out.writeArrayFieldStart("steps");
        for (Point<T> point : points) {
            out.writeNumber(point.step());
        }
        out.writeEndArray();
    }

    private void table(double[][] rows) throws IOException {
        out.writeStartArray();
        for (double[] row : rows) {
            numbers(row);
        }
        out.writeEndArray();
    }

    private void numbers(double[] values) throws IOException {
        out.writeStartArray();
        for (double value : values) {
            number(value);
        }
        out.writeEndArray();
    }

    private void numberOrNull(String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            number(name, value.getAsDouble());
        } else {
            out.writeNullField(name);
        }
    }

    private void number(String name, double value) throws IOException {
        out.writeFieldName(name);
        number(value);
    }

    /** Single precision is finer than any screen and halves the page; JSON has no NaN. */
    private void number(double value) throws IOException {
        float rounded = (float) value;
        if (Float.isFinite(rounded)) {
            out.writeNumber(rounded);
        } else {
            out.writeNull();
        }
    }
}
