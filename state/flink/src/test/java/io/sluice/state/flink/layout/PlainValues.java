package io.sluice.state.flink.layout;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Values as lists, maps and scalars, in which equal means equal: records compare their arrays by
 * identity.
 */
final class PlainValues {

    private PlainValues() {}

    /** The plain form of a value: of a record its type and components, of an array its items. */
    static Object of(Object value) {
        if (value instanceof Record) {
            return ofRecord((Record) value);
        }
        if (value.getClass().isArray()) {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                items.add(of(Array.get(value, i)));
            }
            return items;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(PlainValues::of).toList();
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(PlainValues::of);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> plain = new TreeMap<>();
            map.forEach((key, item) -> plain.put(key, of(item)));
            return plain;
        }
        return value;
    }

    private static Object ofRecord(Record value) {
        List<Object> components = new ArrayList<>();
        components.add(value.getClass());
        try {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                components.add(of(component.getAccessor().invoke(value)));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return components;
    }
}
