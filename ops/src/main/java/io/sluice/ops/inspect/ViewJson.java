package io.sluice.ops.inspect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Views as JSON: components by their names, times as ISO-8601 text. What is empty, and a number
 * that is not finite, is null.
 */
public final class ViewJson {

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .registerModule(
                            new SimpleModule()
                                    .addSerializer(
                                            Instant.class,
                                            serializer(
                                                    (time, out) ->
                                                            out.writeString(time.toString())))
                                    .addSerializer(Double.class, serializer(ViewJson::number))
                                    .addSerializer(double.class, serializer(ViewJson::number))
                                    .addSerializer(
                                            Optional.class,
                                            ViewJson.<Object>serializer(
                                                    (value, out) ->
                                                            out.writePOJO(
                                                                    ((Optional<?>) value)
                                                                            .orElse(null))))
                                    .addSerializer(
                                            OptionalLong.class,
                                            serializer(
                                                    (value, out) -> {
                                                        if (value.isPresent()) {
                                                            out.writeNumber(value.getAsLong());
                                                        } else {
                                                            out.writeNull();
                                                        }
                                                    }))
                                    .addSerializer(
                                            OptionalDouble.class,
                                            serializer(
                                                    (value, out) ->
                                                            number(
                                                                    value.orElse(Double.NaN),
                                                                    out))));

    private interface Writing<T> {
        void write(T value, JsonGenerator out) throws IOException;
    }

    private ViewJson() {}

    /** Indented, the last line ended. */
    public static String pretty(Object view) {
        return write(JSON.copy().enable(SerializationFeature.INDENT_OUTPUT), view)
                + System.lineSeparator();
    }

    /** In one line, ended. */
    public static String line(Object view) {
        return write(JSON, view) + System.lineSeparator();
    }

    private static String write(ObjectMapper mapper, Object view) {
        try {
            return mapper.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + view, e);
        }
    }

    private static void number(double value, JsonGenerator out) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }

    private static <T> JsonSerializer<T> serializer(Writing<T> writing) {
        return new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider)
                    throws IOException {
                writing.write(value, out);
            }
        };
    }
}
