package dev.ebb.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcFilesTest {

    @Test
    void cpuIsReadBehindANameWithBlanksAndParentheses() {
        String stat =
                "4711 (worker (2) x) S 1 2 3 4 5 4194560 100 0 7 0 123 45 9 8 20 0 3 0 100 1 2\n";

        CpuTime cpu = ProcFiles.cpu(stat);

        assertThat(cpu).isEqualTo(new CpuTime(Duration.ofMillis(1230), Duration.ofMillis(450)));
    }

    @Test
    void aShortStatIsRefused() {
        assertThatThrownBy(() -> ProcFiles.cpu("4711 (x) S 1 2"))
                .hasMessage("/proc/PID/stat: \"4711 (x) S 1 2\" (expected: utime and stime)");
    }

    @Test
    void residentMemoryIsReadInBytes() {
        long bytes =
                ProcFiles.residentBytes(
                        List.of("Name:\tnginx", "VmHWM:\t   20000 kB", "VmRSS:\t    1536 kB"));

        assertThat(bytes).isEqualTo(1536 * 1024);
    }

    @Test
    void cpuModelIsThatOfTheFirstCpu() {
        String model =
                ProcFiles.cpuModel(
                        List.of("processor\t: 0", "model name\t: A 1", "model name\t: B 2"));

        assertThat(model).isEqualTo("A 1");
    }

    @Test
    void aMissingLineIsNamed() {
        assertThatThrownBy(() -> ProcFiles.residentBytes(List.of("Name:\tx")))
                .hasMessageContaining("VmRSS");
    }
}
