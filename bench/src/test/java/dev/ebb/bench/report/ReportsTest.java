package dev.ebb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Compares both reports with the files beside this test, byte by byte.
class ReportsTest {

    @Test
    void theTableIsTheGoldenOne() throws IOException {
        String text = TextReport.render(Examples.result());

        assertThat(text).isEqualTo(golden("result.txt"));
    }

    @Test
    void theJsonIsTheGoldenOne() throws IOException {
        String json = JsonReport.render(Examples.result());

        assertThat(json).isEqualTo(golden("result.json"));
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = ReportsTest.class.getResourceAsStream(name)) {
            assertThat(file).as(name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
