package io.sluice.core.simulation;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Compares values to the last bit, and shows them: records compare the arrays that they hold by
 * identity, and print them so.
 */
final class Exact {

    private static final Map<Class<?>, RecordComponent[]> COMPONENTS = new HashMap<>();

    private Exact() {}

    /** Whether two values are equal, arrays by what they hold and numbers by their bits. */
    static boolean equal(Object a, Object b) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null || a.getClass() != b.getClass()) {
            return a instanceof Collection<?> some
                    && b instanceof Collection<?> others
                    && allEqual(some, others);
        }
        if (a instanceof Optional<?> some) {
            return equal(some.orElse(null), ((Optional<?>) b).orElse(null));
        }
        if (a instanceof Collection<?> some) {
            return allEqual(some, (Collection<?>) b);
        }
        if (a instanceof Map<?, ?> some) {
            return allEqual(some.keySet(), ((Map<?, ?>) b).keySet())
                    && allEqual(some.values(), ((Map<?, ?>) b).values());
        }
        if (a instanceof Record) {
            for (RecordComponent component : components(a)) {
                if (!equal(read(component, a), read(component, b))) {
                    return false;
                }
            }
            return true;
        }
        return a.getClass().isArray() ? arraysEqual(a, b) : Objects.equals(a, b);
    }

    /** A value with everything that it holds. */
    static String text(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static boolean allEqual(Collection<?> a, Collection<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> others = b.iterator();
        for (Object item : a) {
            if (!equal(item, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean arraysEqual(Object a, Object b) {
        if (Array.getLength(a) != Array.getLength(b)) {
            return false;
        }
        for (int i = 0; i < Array.getLength(a); i++) {
            if (!equal(Array.get(a, i), Array.get(b, i))) {
                return false;
            }
        }
        return true;
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Optional<?> optional) {
            write(optional.orElse(null), out);
        } else if (value instanceof Collection<?> items) {
            out.append('[');
            for (Object item : items) {
                write(item, out);
                out.append(", ");
            }
            out.append(']');
        } else if (value instanceof Map<?, ?> map) {
            write(map.keySet(), out);
            write(map.values(), out);
        } else if (value instanceof Record) {
            out.append(value.getClass().getSimpleName()).append('(');
            for (RecordComponent component : components(value)) {
                out.append(component.getName()).append(' ');
                write(read(component, value), out);
                out.append(", ");
            }
            out.append(')');
        } else if (value != null && value.getClass().isArray()) {
            out.append('[');
            for (int i = 0; i < Array.getLength(value); i++) {
                write(Array.get(value, i), out);
                out.append(", ");
            }
            out.append(']');
        } else {
            out.append(value);
        }
    }

    private static RecordComponent[] components(Object value) {
        return COMPONENTS.computeIfAbsent(value.getClass(), Class::getRecordComponents);
    }

    private static Object read(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
