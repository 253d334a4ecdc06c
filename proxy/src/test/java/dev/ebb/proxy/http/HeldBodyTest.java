package dev.ebb.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.testing.FakeServerStream;
import dev.ebb.proxy.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class HeldBodyTest {

    private final Budget budget = new Budget(2 * HeldBody.LIMIT);
    private final HeldBody body = new HeldBody(budget);

    @Test
    void smallBodyCanBeSentTwice() {
        body.add(bytes(10));
        body.end(EmptyHttpHeaders.INSTANCE);

        List<String> first = send();
        List<String> second = send();

        assertThat(first).hasSize(2).endsWith("end");
        assertThat(second).isEqualTo(first);
        body.release();
    }

    @Test
    void emptyBodyCanBeSentTwice() {
        body.end(EmptyHttpHeaders.INSTANCE);

        List<String> first = send();

        assertThat(first).containsExactly("end");
        assertThat(body.isWhole()).isTrue();
    }

    @Test
    void bodyThatGrowsBeyondTheLimitWhileItIsSentIsLetGo() {
        body.add(bytes(HeldBody.LIMIT));
        send();

        ByteBuf more = bytes(1);
        body.keep(more);
        more.release();

        assertThat(body.isWhole()).isFalse();
    }

    @Test
    void bodyThatThereIsNoRoomForIsNotKeptAndLeavesItsShareToOthers() {
        long others = budget.change(0, 2 * HeldBody.LIMIT - 10);
        ByteBuf ten = bytes(10);
        body.keep(ten);
        assertThat(body.isWhole()).isTrue();

        body.keep(ten);
        ten.release();

        assertThat(body.isWhole()).isFalse();
        assertThat(new HeldBody(budget).reserve(10)).isTrue();
        assertThat(new HeldBody(budget).reserve(1)).isFalse();
        assertThat(budget.change(others, 0)).isZero();
    }

    @Test
    void bodyThatWaitsAndThereIsNoRoomForIsFull() {
        var _ = budget.change(0, 2 * HeldBody.LIMIT - 10);
        body.add(bytes(10));
        assertThat(body.isFull()).isFalse();

        body.add(bytes(1));

        assertThat(body.isFull()).isTrue();
        assertThat(send()).hasSize(2);
        body.release();
    }

    @Test
    void roomThatWasReservedIsThereWhenTheBodyComes() {
        assertThat(body.reserve(100)).isTrue();
        var _ = budget.change(0, 2 * HeldBody.LIMIT - 100);

        ByteBuf all = bytes(100);
        body.keep(all);
        all.release();

        assertThat(body.isWhole()).isTrue();
        body.release();
    }

    @Test
    void largeBodyThatWaitedIsSentOnceAndLetGo() {
        body.add(bytes(HeldBody.LIMIT));
        body.add(bytes(1));
        boolean wholeBefore = body.isWhole();

        List<String> sent = send();

        assertThat(wholeBefore).isTrue();
        assertThat(sent).hasSize(2);
        assertThat(body.isWhole()).isFalse();
        assertThat(send()).isEmpty();
    }

    @Test
    void fullMeansAtTheLimit() {
        body.add(bytes(HeldBody.LIMIT - 1));
        boolean before = body.isFull();

        body.add(bytes(1));

        assertThat(before).isFalse();
        assertThat(body.isFull()).isTrue();
        body.release();
    }

    @Test
    void releasedBodyIsNotWhole() {
        body.add(bytes(1));

        body.release();

        assertThat(body.isWhole()).isFalse();
    }

    /// Property: however a body is cut into pieces, and whenever it is sent, what is sent last is
    /// all of it as long as it is whole; and no buffer is left.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsWholeIsSentWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long total = 0;
        boolean sent = false;
        for (int piece = 0; piece < 20 && body.isWhole(); piece++) {
            int size = random.nextInt(1, 8_000);
            total += size;
            ByteBuf data = bytes(size);
            if (sent) {
                body.keep(data);
                data.release();
            } else {
                body.add(data);
            }
            if (body.isWhole() && random.nextInt(4) == 0) {
                long length = send().stream().mapToLong(event -> event.length() - 5).sum();
                assertThat(length).isEqualTo(total);
                sent = true;
            }
        }

        body.release();
    }

    private List<String> send() {
        FakeServerStream stream = new FakeServerStream();
        body.sendTo(stream);
        return new ArrayList<>(stream.events());
    }

    private static ByteBuf bytes(int length) {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(length);
        buffer.writeCharSequence("x".repeat(length), StandardCharsets.US_ASCII);
        return buffer;
    }
}
