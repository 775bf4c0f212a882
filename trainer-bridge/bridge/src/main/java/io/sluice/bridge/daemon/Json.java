package io.sluice.bridge.daemon;

import static com.fasterxml.jackson.databind.cfg.CoercionAction.Fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Reads and writes the protocol's JSON: records whose components are the fields, in snake case.
 * Reading is strict: no unknown field, no field twice, no number for a string or the other way.
 */
final class Json {

    private static final int DEPTH = 16;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH)
                                                    .maxNumberLength(64)
                                                    .maxStringLength(4096)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            texts ->
                                    texts.setCoercion(CoercionInputShape.Integer, Fail)
                                            .setCoercion(CoercionInputShape.Float, Fail)
                                            .setCoercion(CoercionInputShape.Boolean, Fail))
                    .build();

    private Json() {}

    /**
     * The form that a body is.
     *
     * @throws Refusal when it is not one
     */
    static <T> T read(byte[] body, Class<T> form) {
        try {
            T value = MAPPER.readValue(body, form);
            if (value == null) {
                throw new Refusal(Refusal.Code.MALFORMED, "the body is null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new Refusal(Refusal.Code.MALFORMED, e.getOriginalMessage());
        } catch (IOException e) {
            throw new Refusal(Refusal.Code.MALFORMED, e.getMessage());
        }
    }

    /** A form as UTF-8. */
    static byte[] write(Object form) {
        try {
            return MAPPER.writeValueAsBytes(form);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A field that must be there.
     *
     * @throws IllegalArgumentException when it is not
     */
    static <T> T required(T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("field " + field + " is missing");
        }
        return value;
    }

    /** A number, or null where there is none. */
    static Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    /** A name of an enum or of a code as the protocol writes it. */
    static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
