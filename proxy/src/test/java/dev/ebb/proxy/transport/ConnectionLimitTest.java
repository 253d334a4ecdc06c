package dev.ebb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionLimitTest {

    private final ConnectionLimit limit = new ConnectionLimit(8, 4);
    private final List<String> paused = new ArrayList<>();
    private final EmbeddedChannel inbound = new EmbeddedChannel();
    private final EmbeddedChannel outbound = new EmbeddedChannel();
    private final List<EmbeddedChannel> accepted = new ArrayList<>();

    @AfterEach
    void close() {
        accepted.forEach(EmbeddedChannel::finishAndReleaseAll);
        inbound.finishAndReleaseAll();
        outbound.finishAndReleaseAll();
    }

    @Test
    void listenerStopsToAcceptAtThreeQuartersAndGoesOnWhenOneIsClosed() {
        limit.newDirection(() -> paused.add("inbound")).add(inbound);
        accept(inbound, 5);
        assertThat(inbound.config().isAutoRead()).isTrue();

        accept(inbound, 1);
        assertThat(inbound.config().isAutoRead()).isFalse();
        assertThat(paused).containsExactly("inbound");

        closeOne();
        assertThat(inbound.config().isAutoRead()).isTrue();
    }

    @Test
    void whatFloodsOneDirectionLeavesRoomInTheOther() {
        limit.newDirection(() -> paused.add("inbound")).add(inbound);
        limit.newDirection(() -> paused.add("outbound")).add(outbound);
        accept(inbound, 6);

        accept(outbound, 1);
        assertThat(outbound.config().isAutoRead()).isTrue();

        accept(outbound, 1);
        assertThat(outbound.config().isAutoRead()).isFalse();
        assertThat(paused).containsExactly("inbound", "outbound");
    }

    @Test
    void roomThatOneDirectionLeavesIsForBoth() {
        limit.newDirection(() -> {}).add(inbound);
        limit.newDirection(() -> {}).add(outbound);
        accept(inbound, 6);
        accept(outbound, 2);

        closeOne();

        assertThat(inbound.config().isAutoRead()).isTrue();
        assertThat(outbound.config().isAutoRead()).isTrue();
    }

    @Test
    void connectionsThatWereUnderWayWhenItWasReachedAreServed() {
        limit.newDirection(() -> paused.add("inbound")).add(inbound);
        accept(inbound, 7);
        closeOne();
        assertThat(inbound.config().isAutoRead()).isFalse();

        closeOne();

        assertThat(inbound.config().isAutoRead()).isTrue();
        assertThat(paused).hasSize(1);
    }

    @Test
    void listenersThatAreAboutToCloseAcceptWhatWaits() {
        limit.newDirection(() -> paused.add("inbound")).add(inbound);
        limit.newDirection(() -> paused.add("outbound")).add(outbound);
        accept(inbound, 6);
        accept(outbound, 2);

        limit.acceptLast();
        accept(inbound, 6);
        accept(outbound, 1);

        assertThat(inbound.config().isAutoRead()).isTrue();
        assertThat(outbound.config().isAutoRead()).isTrue();
        assertThat(paused).containsExactly("inbound", "outbound");
    }

    @Test
    void evenTheLastConnectionsAreLimited() {
        limit.newDirection(() -> paused.add("inbound")).add(inbound);
        limit.acceptLast();

        accept(inbound, 15);
        assertThat(inbound.config().isAutoRead()).isTrue();

        accept(inbound, 1);
        assertThat(inbound.config().isAutoRead()).isFalse();
    }

    private void accept(EmbeddedChannel listener, int count) {
        for (int i = 0; i < count; i++) {
            EmbeddedChannel connection = new EmbeddedChannel();
            accepted.add(connection);
            listener.writeInbound(connection);
            listener.runPendingTasks();
            assertThat(listener.<EmbeddedChannel>readInbound()).isSameAs(connection);
        }
    }

    private void closeOne() {
        accepted.removeFirst().finishAndReleaseAll();
        inbound.runPendingTasks();
        outbound.runPendingTasks();
    }
}
