package io.sluice.ops.demo;

import java.util.Locale;

/**
 * A document that the demo offers to the candidate job.
 *
 * @param step the trainer's step at which it arrives
 * @param kind what it is, which only the books know
 * @param group the group that it claims
 * @param number tells it from others of its kind and group
 * @param text its text in UTF-8, where it is text; not to be changed
 */
record StreamItem(long step, Kind kind, String group, int number, byte[] text) {

    /** What is offered. */
    enum Kind {
        /** Text of the corpus. */
        TEXT,
        /** The same with other spacing. */
        COPY,
        /** The same with one word changed. */
        EDIT,
        /** Base64, random bytes, or signs. */
        JUNK,
        /** Text that a target is measured on. */
        TEST;

        /** The kind that an identifier names. */
        static Kind of(String id) {
            return valueOf(id.substring(0, id.indexOf('/')).toUpperCase(Locale.ROOT));
        }
    }

    /** The document's identifier. */
    String id() {
        return kind.name().toLowerCase(Locale.ROOT) + "/" + group + "/" + number;
    }
}
