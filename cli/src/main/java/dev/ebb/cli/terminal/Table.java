package dev.ebb.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/// Rows under headings, columns padded to their widest cell. Not thread-safe.
public final class Table {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /// One column; figures are easier to compare when they end at one line.
    public record Column(String heading, Side side) {
        public static Column words(String heading) {
            return new Column(heading, Side.LEFT);
        }

        public static Column figures(String heading) {
            return new Column(heading, Side.RIGHT);
        }
    }

    /// The side of the column that its cells keep to.
    public enum Side {
        LEFT,
        RIGHT
    }

    public void row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "row: %d cells (expected: %d)".formatted(cells.length, columns.size()));
        }
        rows.add(List.of(cells));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /// The whole table, each line ended by `\n`, without blanks at the ends of lines.
    public String text() {
        StringBuilder text = new StringBuilder();
        append(text, columns.stream().map(Column::heading).toList());
        rows.forEach(row -> append(text, row));
        return text.toString();
    }

    private void append(StringBuilder text, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            String blanks = " ".repeat(width(i) - cell.length());
            line.append(i == 0 ? "" : GAP)
                    .append(columns.get(i).side() == Side.LEFT ? cell + blanks : blanks + cell);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private int width(int column) {
        int width = columns.get(column).heading().length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }
}
