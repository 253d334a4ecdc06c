package dev.ebb.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ebb.cli.terminal.Table.Column;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table =
            new Table(List.of(Column.words("NAME"), Column.figures("LOST"), Column.words("WHY")));

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        table.row("plain", "1,204", "refused");
        table.row("a-long-name", "0", "");

        assertThat(table.text())
                .isEqualTo(
                        """
                        NAME          LOST  WHY
                        plain        1,204  refused
                        a-long-name      0
                        """);
    }

    @Test
    void aRowWithTooFewCellsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.row("plain", "0"))
                .withMessage("row: 2 cells (expected: 3)");
    }
}
