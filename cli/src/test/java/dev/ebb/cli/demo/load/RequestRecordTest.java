package dev.ebb.cli.demo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RequestRecordTest {
    @Test
    void aLineIsReadBackAsItWasWritten() {
        RequestRecord answered =
                new RequestRecord("a-1", "slow", "GET", 0, 17, 3, new Outcome.Answered("web-1"));
        RequestRecord lost =
                new RequestRecord("a-2", "slow", "POST", 10, 17, 3, new Outcome.Lost("a\tb\r\nc"));

        assertThat(RequestRecord.parse(answered.line())).isEqualTo(answered);
        assertThat(RequestRecord.parse(lost.line()).outcome())
                .isEqualTo(new Outcome.Lost("a b  c"));
    }

    @Test
    void aLineOfAnotherFormIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RequestRecord.parse("a\tb"));
    }
}
