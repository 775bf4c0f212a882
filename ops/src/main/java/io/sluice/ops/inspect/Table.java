package io.sluice.ops.inspect;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns that are as wide as their widest cell. */
final class Table {

    private static final String GAP = "  ";

    private final String alignment;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param alignment one letter per column: l for left, r for right
     * @param header one word per column
     */
    Table(String alignment, List<String> header) {
        this.alignment = alignment;
        row(header);
    }

    void row(List<String> cells) {
        if (cells.size() != alignment.length()) {
            throw new IllegalArgumentException(
                    cells.size() + " cells for " + alignment.length() + " columns");
        }
        rows.add(cells.stream().map(cell -> Words.format("%s", cell)).toList());
    }

    /** The rows, each indented by two blanks and ended. */
    @Override
    public String toString() {
        int[] widths = new int[alignment.length()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String pad = " ".repeat(widths[c] - row.get(c).length());
                boolean left = alignment.charAt(c) == 'l';
                line.append(GAP).append(left ? row.get(c) + pad : pad + row.get(c));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
