package dev.ebb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a connection tells that was *not* redirected; RedirectionIT has the others.
final class OriginalDestinationTest {

    private static final InetSocketAddress ONE = InetSocketAddress.createUnresolved("one", 1);
    private static final InetSocketAddress TWO = InetSocketAddress.createUnresolved("two", 2);

    private final Channel channel = new EmbeddedChannel();

    @Test
    void whatIsNotToldIsToldByTheOther() {
        OriginalDestination first = OriginalDestination.untold();
        OriginalDestination second = OriginalDestination.fixed(TWO);

        assertThat(first.orElse(second).of(channel)).isEqualTo(TWO);
        assertThat(second.orElse(OriginalDestination.fixed(ONE)).of(channel)).isEqualTo(TWO);
    }

    @Test
    void whatDoesNotFitCountsAsUntold() {
        OriginalDestination one = OriginalDestination.fixed(ONE);

        assertThat(one.onlyIf(ONE::equals).of(channel)).isEqualTo(ONE);
        assertThat(one.onlyIf(TWO::equals).of(channel)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0"})
    void aConnectionThatCameOnPurposeTellsNothing(String address) throws Exception {
        assumeTrue(Epoll.isAvailable(), "epoll");
        InetAddress listenOn = InetAddress.ofLiteral(address);
        BlockingQueue<Optional<InetSocketAddress>> told = new LinkedBlockingQueue<>();
        Transport transport = Transport.open(TransportKind.EPOLL, 1);
        try {
            Channel listener =
                    transport.bind(
                            new InetSocketAddress(listenOn, 0),
                            new ChannelInitializer<>() {
                                @Override
                                protected void initChannel(Channel accepted) {
                                    told.add(
                                            Optional.ofNullable(
                                                    transport.redirected().of(accepted)));
                                }
                            });
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            InetAddress host =
                    listenOn.isAnyLocalAddress() ? InetAddress.ofLiteral("127.0.0.1") : listenOn;

            try (Socket client = new Socket(host, port)) {
                assertThat(client.isConnected()).isTrue();

                assertThat(told.poll(5, TimeUnit.SECONDS)).isEmpty();
            }
        } finally {
            transport.close(Duration.ofSeconds(1)).awaitUninterruptibly();
        }
    }
}
