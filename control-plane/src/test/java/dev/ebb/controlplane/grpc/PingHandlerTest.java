package dev.ebb.controlplane.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// PINGs and silence, without a clock.
class PingHandlerTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void activate() {
        channel.freezeTime();
        channel.pipeline().addFirst(new PingHandler());
        channel.pipeline().fireChannelActive();
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void pingIsSentEverySecond() {
        pass(999);
        assertThat(channel.<Object>readOutbound()).isNull();

        pass(1);
        ByteBuf ping = channel.readOutbound();

        assertThat(ByteBufUtil.hexDump(ping))
                .isEqualTo("0000080600" + "00000000" + "000000000000dead");
        ping.release();
    }

    @Test
    void silentPeerIsClosedAfterThreeSeconds() {
        pass(3_000);
        assertThat(channel.isOpen()).isTrue();

        pass(250);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anythingReceivedIsASignOfLife() {
        for (int i = 0; i < 10; i++) {
            pass(3_000);
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
        }

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void whatIsReceivedIsPassedOn() {
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {1, 2, 3});

        channel.writeInbound(bytes);

        assertThat(channel.<Object>readInbound()).isSameAs(bytes);
    }

    @Test
    void pauseOfTheProcessItselfIsNotThePeersSilence() {
        pass(2_500);

        channel.advanceTimeBy(60, TimeUnit.SECONDS);
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void nothingTicksAfterTheEnd() {
        var _ = channel.close();
        channel.runPendingTasks();

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    /// Runs what falls due, tick by tick, as an event loop does that keeps up.
    private void pass(int millis) {
        for (int i = 0; i < millis; i++) {
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }
}
